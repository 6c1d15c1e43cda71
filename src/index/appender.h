// How do new vectors become nodes? In batches: every node of a batch is linked against the graph as
// it was before the batch, then the links back are grouped by target and worked off in one fixed
// order (after the prefix doubling of ParlayANN, Manohar et al., PPoPP 2024, arXiv:2305.04359). So
// the graph depends on the order of the vectors and on nothing else, whatever the slices or, one
// day, the threads.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

#include "base/budget.h"
#include "index/levels.h"
#include "index/linker.h"

namespace corsac::index {

template <codec::Codec Codes>
class Appender {
 public:
  Appender(std::uint32_t m, std::uint32_t ef_construction, std::uint64_t seed) noexcept
      : levels_(m, seed), linker_(m, ef_construction) {}

  bool is_done() const noexcept { return phase_ == Phase::Done; }

  /// Starts on the slots from `first` to the last one that has a code.
  void begin(Slot first, const Network<Codes>& network) {
    assert(is_done());
    next_ = first;
    end_ = static_cast<Slot>(network.codes.size());
    phase_ = next_ == end_ ? Phase::Done : Phase::Open;
  }

  /// One node linked, or one list changed.
  void step(Network<Codes>& network, Budget& budget) {
    const std::uint64_t before = linker_.examined();
    switch (phase_) {
      case Phase::Open: open_batch(network); break;
      case Phase::Link: link_next(network); break;
      case Phase::LinkBack: link_back_next(network); break;
      case Phase::Done: break;
    }
    budget.spend(linker_.examined() - before + 1);
  }

  Linker<Codes>& linker() noexcept { return linker_; }

 private:
  enum class Phase : std::uint8_t { Done, Open, Link, LinkBack };

  /// At most 2 % of what is there, so that a node misses few of its neighbours; what it misses in
  /// its own batch are its mates.
  static std::size_t batch_size(std::size_t nodes) noexcept {
    return std::clamp<std::size_t>(nodes / 50, 1, 512);
  }

  void open_batch(Network<Codes>& network) {
    const std::size_t count = std::min<std::size_t>(batch_size(next_), end_ - next_);
    if (table_.size() == 0) fill_table(network);
    mates_.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const Slot slot = next_++;
      const Slot twin = table_.find_or_put(network.codes, slot,
                                           [&](Slot other) { return network.vacant.test(other); });
      if (twin != kNoSlot) {
        network.twins.join(twin, slot);
        continue;
      }
      network.graph.add(slot, levels_.of(slot));
      mates_.push_back(slot);
    }
    backlinks_.clear();
    at_ = 0;
    phase_ = Phase::Link;
  }

  void fill_table(const Network<Codes>& network) {
    for (Slot slot = 0; slot < next_; ++slot) {
      if (!network.graph.has(slot) || network.vacant.test(slot)) continue;
      table_.find_or_put(network.codes, slot, [](Slot) { return false; });
    }
  }

  void link_next(Network<Codes>& network) {
    if (at_ < mates_.size()) {
      linker_.link(network, mates_[at_++], mates_, backlinks_);
      return;
    }
    std::sort(backlinks_.begin(), backlinks_.end());
    at_ = 0;
    phase_ = Phase::LinkBack;
  }

  void link_back_next(Network<Codes>& network) {
    if (at_ == backlinks_.size()) return close_batch(network.graph);
    const std::size_t first = at_;
    while (at_ < backlinks_.size() && backlinks_[at_].target == backlinks_[first].target &&
           backlinks_[at_].level == backlinks_[first].level) {
      ++at_;
    }
    linker_.link_back(network, std::span(backlinks_).subspan(first, at_ - first));
  }

  void close_batch(Graph& graph) {
    for (const Slot slot : mates_) {
      if (graph.entry() == kNoSlot || graph.level(slot) > graph.top_level()) graph.set_entry(slot);
    }
    phase_ = next_ == end_ ? Phase::Done : Phase::Open;
  }

  Levels levels_;
  Linker<Codes> linker_;
  TwinTable table_;
  Phase phase_ = Phase::Done;
  Slot next_ = 0, end_ = 0;          // slots not yet in a batch
  std::vector<Slot> mates_;          // the new nodes of this batch
  std::vector<Backlink> backlinks_;  // of this batch
  std::size_t at_ = 0;               // in mates_ or backlinks_, by phase
};

}  // namespace corsac::index

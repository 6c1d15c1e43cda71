// How do new vectors become nodes? In batches: every node of a batch is linked against the graph as
// it was before the batch, then the links back are grouped by target and worked off in one fixed
// order (after the prefix doubling of ParlayANN, Manohar et al., PPoPP 2024, arXiv:2305.04359). So
// the graph depends on the order of the vectors and on nothing else, whatever the slices or, one
// day, the threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/budget.h"
#include "index/levels.h"
#include "index/linker.h"

namespace corsac::index {

class Appender {
 public:
  Appender(std::uint32_t m, std::uint32_t ef_construction, std::uint64_t seed) noexcept
      : levels_(m, seed), linker_(m, ef_construction) {}

  bool is_done() const noexcept { return phase_ == Phase::Done; }

  /// Starts on the slots from `first` to the last one that has a code.
  void begin(Slot first, const Network& network);

  /// One node linked, or one list changed.
  void step(Network& network, Budget& budget);

  Linker& linker() noexcept { return linker_; }

 private:
  enum class Phase : std::uint8_t { Done, Open, Link, LinkBack };

  /// At most 2 % of what is there, so that a node misses few of its neighbours; what it misses in
  /// its own batch are its mates.
  static std::size_t batch_size(std::size_t nodes) noexcept {
    return std::clamp<std::size_t>(nodes / 50, 1, 512);
  }

  void open_batch(Network& network);

  void fill_table(const Network& network);

  void link_next(Network& network);

  void link_back_next(Network& network);

  void close_batch(Graph& graph);

  Levels levels_;
  Linker linker_;
  TwinTable table_;
  Phase phase_ = Phase::Done;
  Slot next_ = 0, end_ = 0;          // slots not yet in a batch
  std::vector<Slot> mates_;          // the new nodes of this batch
  std::vector<Backlink> backlinks_;  // of this batch
  std::size_t at_ = 0;               // in mates_ or backlinks_, by phase
};

}  // namespace corsac::index

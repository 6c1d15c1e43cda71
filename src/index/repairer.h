// How does the graph heal after removals? A removed node routes at first and is stepped over as a
// hit. Once enough have gathered, one sweep over all lists replaces every link to such a node by
// the best of what lies behind it, and takes the nodes out (the consolidation of FreshDiskANN,
// Singh et al., arXiv:2105.09613).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/budget.h"
#include "index/linker.h"

namespace corsac::index {

template <codec::Codec Codes>
class Repairer {
 public:
  /// Whether a sweep pays: one node in thirty was removed, or all were, or the one where walks
  /// begin.
  static bool is_due(const Network<Codes>& network) noexcept {
    if (network.vacant_nodes == 0) return false;
    const std::size_t nodes = network.graph.nodes();
    return network.vacant_nodes == nodes ||
           network.vacant_nodes >= std::max<std::size_t>(16, nodes / 32) ||
           network.vacant.test(network.graph.entry());
  }

  bool is_done() const noexcept { return !is_running_; }
  void begin() noexcept {
    at_ = 0;
    is_running_ = true;
  }

  /// Mends one node's lists, or ends the sweep.
  void step(Network<Codes>& network, Linker<Codes>& linker, Budget& budget) {
    const std::uint64_t before = linker.examined();
    Graph& graph = network.graph;
    while (at_ < graph.size() && !mend(network, linker, at_++)) {
    }
    if (at_ == graph.size()) finish(network);
    budget.spend(linker.examined() - before + 1);
  }

 private:
  /// False when there was nothing to do.
  static constexpr std::size_t kMostCandidates = 256;

  bool mend(Network<Codes>& network, Linker<Codes>& linker, Slot node) {
    const Graph& graph = network.graph;
    if (!graph.has(node) || network.vacant.test(node)) return false;
    bool changed = false;
    for (unsigned level = 0; level <= graph.level(node); ++level) {
      const std::span<const Slot> links = graph.links(node, level);
      if (std::none_of(links.begin(), links.end(),
                       [&](Slot slot) { return network.vacant.test(slot); }))
        continue;
      gather_behind(network, node, level);
      linker.relink(network, node, level, found_);
      changed = true;
    }
    return changed;
  }

  /// The live nodes next to `node` or behind vacant ones, nearest steps first.
  void gather_behind(const Network<Codes>& network, Slot node, unsigned level) {
    found_.clear();
    behind_.assign(1, node);
    for (std::size_t i = 0; i < behind_.size() && found_.size() < kMostCandidates; ++i) {
      for (const Slot slot : network.graph.links(behind_[i], level)) {
        std::vector<Slot>& list = network.vacant.test(slot) ? behind_ : found_;
        if (slot != node && std::find(list.begin(), list.end(), slot) == list.end())
          list.push_back(slot);
      }
    }
  }

  void finish(Network<Codes>& network) {
    Graph& graph = network.graph;
    Slot entry = kNoSlot;
    for (Slot slot = 0; slot < graph.size(); ++slot) {
      if (!graph.has(slot) || network.vacant.test(slot)) continue;
      if (entry == kNoSlot || graph.level(slot) > graph.level(entry)) entry = slot;
    }
    if (graph.entry() == kNoSlot || network.vacant.test(graph.entry())) graph.set_entry(entry);
    for (Slot slot = 0; slot < graph.size(); ++slot) {
      if (!graph.has(slot) || !network.vacant.test(slot)) continue;
      graph.erase(slot);
      network.twins.dissolve(slot);
    }
    network.vacant_nodes = 0;
    is_running_ = false;
  }

  bool is_running_ = false;
  Slot at_ = 0;
  std::vector<Slot> found_, behind_;
};

}  // namespace corsac::index

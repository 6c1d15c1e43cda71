// Which links does a new node get, and who links back to it?
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index/network.h"
#include "index/select.h"

namespace corsac::index {

/// A link that the source has and the target has not yet.
struct Backlink {
  Slot target;
  Slot source;
  float score;
  unsigned level;

  /// The order in which they are worked off: by target, best first.
  friend bool operator<(const Backlink& a, const Backlink& b) noexcept {
    if (a.level != b.level) return a.level < b.level;
    if (a.target != b.target) return a.target < b.target;
    return a.score != b.score ? a.score > b.score : a.source < b.source;
  }
};

class Linker {
 public:
  Linker(std::uint32_t m, std::uint32_t ef_construction) noexcept : m_(m), ef_(ef_construction) {}

  /// Gives a new node its own links on every level, from the graph and from `mates`: nodes that
  /// come at the same time and nobody links to yet. What they should link back is added to
  /// `backlinks`.
  void link(Network& network, Slot node, std::span<const Slot> mates,
            std::vector<Backlink>& backlinks);

  /// Adds links to the sources of `group` to their common target; keeps the best when they are too
  /// many.
  [[gnu::noinline]] void link_back(Network& network, std::span<const Backlink> group);

  /// Replaces the list of a node by the best of `candidates`, which are scored here.
  void relink(Network& network, Slot node, unsigned level, std::span<const Slot> candidates);

  /// Codes scored so far, to be paid by a budget.
  std::uint64_t examined() const noexcept { return examined_ + selector_.examined(); }

 private:
  void collect(const Network& network, unsigned level, Neighbour start);

  void add_mates(const Network& network, Slot node, std::span<const Slot> mates, unsigned level);

  void take_candidates(const Network& network, Slot node);

  /// When a walk ended among removed nodes: every live node of the graph, the best first.
  void take_all(const Network& network, Slot node);

  void score_into_candidates(const Network& network, std::span<const Slot> slots);

  void choose(Network& network, Slot node, unsigned level, std::vector<Backlink>& backlinks);

  void store(Graph& graph, Slot node, unsigned level, std::span<const Neighbour> chosen);

  std::size_t m_, ef_;
  WalkScratch scratch_;
  LinkSelector selector_;
  std::vector<Neighbour> candidates_, fresh_;
  std::vector<Slot> fresh_slots_, chosen_slots_;
  std::uint64_t examined_ = 0;
};

}  // namespace corsac::index

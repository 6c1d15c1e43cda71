// Which links does a new node get, and who links back to it?
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "index/network.h"
#include "index/select.h"
#include "index/walk.h"

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

template <codec::Codec Codes>
class Linker {
 public:
  Linker(std::uint32_t m, std::uint32_t ef_construction) noexcept : m_(m), ef_(ef_construction) {}

  /// Gives a new node its own links on every level, from the graph and from `mates`: nodes that
  /// come at the same time and nobody links to yet. What they should link back is added to
  /// `backlinks`.
  void link(Network<Codes>& network, Slot node, std::span<const Slot> mates,
            std::vector<Backlink>& backlinks) {
    Graph& graph = network.graph;
    network.codes.prepare_stored(node, scratch_.query);
    const bool is_empty = graph.entry() == kNoSlot;
    const unsigned level = graph.level(node), top = graph.top_level();
    Neighbour start{};
    if (!is_empty) start = descend(network, scratch_, level, examined_);
    for (unsigned at = level + 1; at-- > 0;) {
      if (!is_empty && at <= top) {
        collect(network, at, start);
        // Not a mate: nobody links to those yet, and they are added below.
        start = {score_of(scratch_.pool.keys().front()), slot_of(scratch_.pool.keys().front())};
      } else {
        scratch_.pool.begin(ef_);
      }
      add_mates(network, node, mates, at);
      take_candidates(network, node);
      if (candidates_.empty() && at == 0 && !is_empty) take_all(network, node);
      choose(network, node, at, backlinks);
    }
  }

  /// Adds links to the sources of `group` to their common target; keeps the best when they are too
  /// many.
  [[gnu::noinline]] void link_back(Network<Codes>& network, std::span<const Backlink> group) {
    const Slot target = group.front().target;
    const unsigned level = group.front().level;
    Graph& graph = network.graph;
    fresh_.clear();
    for (const Backlink& link : group) {
      const std::span<const Slot> links = graph.links(target, level);
      if (std::find(links.begin(), links.end(), link.source) == links.end())
        fresh_.push_back({link.score, link.source});
    }
    const std::span<const Slot> links = graph.links(target, level);
    if (links.size() + fresh_.size() <= graph.capacity(level)) {
      for (const Neighbour& neighbour : fresh_) graph.add_link(target, level, neighbour.slot);
      return;
    }
    network.codes.prepare_stored(target, scratch_.query);
    network.codes.score(scratch_.query, links, scratch_.scores);
    examined_ += links.size();
    candidates_.assign(fresh_.begin(), fresh_.end());
    for (std::size_t i = 0; i < links.size(); ++i)
      candidates_.push_back({scratch_.scores[i], links[i]});
    std::sort(candidates_.begin(), candidates_.end(), LinkSelector<Codes>::nearer);
    store(graph, target, level,
          selector_.select(network.codes, candidates_, graph.capacity(level), m_));
  }

  /// Replaces the list of a node by the best of `candidates`, which are scored here.
  void relink(Network<Codes>& network, Slot node, unsigned level,
              std::span<const Slot> candidates) {
    network.codes.prepare_stored(node, scratch_.query);
    candidates_.clear();
    score_into_candidates(network, candidates);
    std::sort(candidates_.begin(), candidates_.end(), LinkSelector<Codes>::nearer);
    store(network.graph, node, level,
          selector_.select(network.codes, candidates_, network.graph.capacity(level), m_));
  }

  /// Codes scored so far, to be paid by a budget.
  std::uint64_t examined() const noexcept { return examined_ + selector_.examined(); }

 private:
  static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

  void collect(const Network<Codes>& network, unsigned level, Neighbour start) {
    if (level > 0 || network.vacant_nodes == 0) {
      walk_level(network, scratch_, OpenGate{}, level, start, ef_, kNoLimit, examined_);
    } else {
      walk_level(network, scratch_, LiveGate{network.vacant, network.graph.size()}, level, start,
                 ef_, kNoLimit, examined_);
    }
  }

  void add_mates(const Network<Codes>& network, Slot node, std::span<const Slot> mates,
                 unsigned level) {
    for (; !mates.empty(); mates = mates.subspan(std::min(kHopSlots, mates.size()))) {
      std::size_t count = 0;
      for (const Slot mate : mates.first(std::min(kHopSlots, mates.size()))) {
        if (mate != node && network.graph.level(mate) >= level) scratch_.slots[count++] = mate;
      }
      network.codes.score(scratch_.query, std::span(scratch_.slots).first(count), scratch_.scores);
      examined_ += count;
      for (std::size_t i = 0; i < count; ++i) {
        const CandidateKey key = make_key(scratch_.scores[i], scratch_.slots[i]);
        if (key < scratch_.pool.bound()) scratch_.pool.insert(key);
      }
    }
  }

  void take_candidates(const Network<Codes>& network, Slot node) {
    candidates_.clear();
    for (const CandidateKey key : scratch_.pool.keys()) {
      const Slot slot = slot_of(key);
      if (slot != node && !network.vacant.test(slot)) candidates_.push_back({score_of(key), slot});
    }
  }

  /// When a walk ended among removed nodes: every live node of the graph, the best first.
  void take_all(const Network<Codes>& network, Slot node) {
    fresh_slots_.clear();
    for (Slot slot = 0; slot < network.graph.size(); ++slot) {
      if (slot != node && network.graph.has(slot) && !network.vacant.test(slot))
        fresh_slots_.push_back(slot);
    }
    score_into_candidates(network, fresh_slots_);
    std::sort(candidates_.begin(), candidates_.end(), LinkSelector<Codes>::nearer);
    if (candidates_.size() > ef_) candidates_.resize(ef_);
  }

  void score_into_candidates(const Network<Codes>& network, std::span<const Slot> slots) {
    examined_ += slots.size();
    for (; !slots.empty(); slots = slots.subspan(std::min(kHopSlots, slots.size()))) {
      const std::span<const Slot> block = slots.first(std::min(kHopSlots, slots.size()));
      network.codes.score(scratch_.query, block, scratch_.scores);
      for (std::size_t i = 0; i < block.size(); ++i)
        candidates_.push_back({scratch_.scores[i], block[i]});
    }
  }

  void choose(Network<Codes>& network, Slot node, unsigned level,
              std::vector<Backlink>& backlinks) {
    const std::span<const Neighbour> chosen = selector_.select(network.codes, candidates_, m_, m_);
    for (const Neighbour& neighbour : chosen)
      backlinks.push_back({neighbour.slot, node, neighbour.score, level});
    store(network.graph, node, level, chosen);
  }

  void store(Graph& graph, Slot node, unsigned level, std::span<const Neighbour> chosen) {
    chosen_slots_.clear();
    for (const Neighbour& neighbour : chosen) chosen_slots_.push_back(neighbour.slot);
    graph.set_links(node, level, chosen_slots_);
  }

  std::size_t m_, ef_;
  WalkScratch<Codes> scratch_;
  LinkSelector<Codes> selector_;
  std::vector<Neighbour> candidates_, fresh_;
  std::vector<Slot> fresh_slots_, chosen_slots_;
  std::uint64_t examined_ = 0;
};

}  // namespace corsac::index

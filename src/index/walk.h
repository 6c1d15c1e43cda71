// How does a search get near its query along the links? Algorithm 2 and the descent of Algorithm 5
// of Malkov & Yashunin, arXiv:1603.09320.
//
// A hop first collects all neighbours not seen yet, then scores them in one call, which fetches
// their rows together: waiting for memory is most of the time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/network.h"
#include "math/touch.h"

namespace corsac::index {

/// Every node may be a candidate.
struct OpenGate {
  static constexpr bool kIsOpen = true;
  bool operator()(Slot) const noexcept { return true; }
};

/// Nodes that are vacant may not, nor those from `end` on, which are still being appended.
struct LiveGate {
  static constexpr bool kIsOpen = false;
  const Bitset& vacant;
  std::size_t end;
  bool operator()(Slot slot) const noexcept { return slot < end && !vacant.test(slot); }
};

/// Nodes of which no slot is allowed may not.
class AllowedGate {
 public:
  static constexpr bool kIsOpen = false;
  /// `allowed` is over the slots that searches may see.
  AllowedGate(const Bitset& allowed, const Twins& twins) noexcept
      : allowed_(allowed), twins_(twins) {}

  bool operator()(Slot node) const noexcept {
    if (allows(node)) return true;
    for (const Slot slot : twins_.others(node)) {
      if (allows(slot)) return true;
    }
    return false;
  }

 private:
  bool allows(Slot slot) const noexcept { return slot < allowed_.size() && allowed_.test(slot); }

  const Bitset& allowed_;
  const Twins& twins_;
};

/// Collects the unseen neighbours of a row. Gives how many.
[[gnu::always_inline]] inline std::size_t gather(const Slot* row, std::size_t capacity,
                                                 const OpenGate&, const Graph&, Visited& visited,
                                                 Slot* out, Slot*) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < capacity && row[i] != kNoSlot; ++i) {
    out[count] = row[i];
    count += visited.test_and_set(row[i]) ? 0 : 1;
  }
  return count;
}

/// The same through a gate. Where few neighbours pass it, those that do not are stepped over: their
/// own neighbours count as neighbours (ACORN-1, Patel et al., arXiv:2403.04871), until there are
/// enough.
template <class Gate>
[[gnu::noinline]] std::size_t gather(const Slot* row, std::size_t capacity, const Gate& gate,
                                     const Graph& graph, Visited& visited, Slot* out,
                                     Slot* detours) noexcept {
  const std::size_t enough = capacity / 2;
  std::size_t count = 0, passing = 0, detour_count = 0;
  for (std::size_t i = 0; i < capacity && row[i] != kNoSlot; ++i) {
    if (!gate(row[i])) {
      detours[detour_count++] = row[i];
      continue;
    }
    ++passing;
    out[count] = row[i];
    count += visited.test_and_set(row[i]) ? 0 : 1;
  }
  for (std::size_t d = 0; d < detour_count && passing < enough; ++d) {
    if (visited.test_and_set(detours[d])) continue;
    for (const Slot slot : graph.links(detours[d], 0)) {
      if (count == kHopSlots || !gate(slot)) continue;
      ++passing;
      out[count] = slot;
      count += visited.test_and_set(slot) ? 0 : 1;
    }
  }
  return count;
}

/// The share of the nodes within two steps of `node` that pass the gate: whether a filter shuns the
/// place.
template <class Gate>
[[gnu::noinline]] double passing_share(const Graph& graph, const Gate& gate, Slot node) noexcept {
  std::size_t passing = 0, all = 0;
  for (const Slot neighbour : graph.links(node, 0)) {
    for (const Slot slot : graph.links(neighbour, 0)) {
      passing += gate(slot) ? 1 : 0;
      ++all;
    }
  }
  return all == 0 ? 0 : static_cast<double>(passing) / static_cast<double>(all);
}

/// The nearest node that greedy steps find on the levels above `level`, and its score.
template <codec::Codec Codes>
[[gnu::noinline]] Neighbour descend(const Network<Codes>& network, WalkScratch<Codes>& scratch,
                                    unsigned level, std::uint64_t& examined) {
  const Graph& graph = network.graph;
  Neighbour best{0, graph.entry()};
  network.codes.score(scratch.query, {&best.slot, 1}, {&best.score, 1});
  ++examined;
  for (unsigned at = graph.top_level(); at > level; --at) {
    for (bool moved = true; moved;) {
      moved = false;
      const std::span<const Slot> links = graph.links(best.slot, at);
      network.codes.score(scratch.query, links, scratch.scores);
      examined += links.size();
      for (std::size_t i = 0; i < links.size(); ++i) {
        if (scratch.scores[i] <= best.score) continue;
        best = {scratch.scores[i], links[i]};
        moved = true;
      }
    }
  }
  return best;
}

/// Fills scratch.pool with the `ef` best nodes that a walk on `level` from `start` meets. `start`
/// is in the pool whether or not it passes the gate; all others pass. Gives up after `limit` scored
/// nodes.
template <codec::Codec Codes, class Gate>
[[gnu::noinline]] void walk_level(const Network<Codes>& network, WalkScratch<Codes>& scratch,
                                  const Gate& gate, unsigned level, Neighbour start, std::size_t ef,
                                  std::uint64_t limit, std::uint64_t& examined) {
  const Graph& graph = network.graph;
  const std::size_t capacity = graph.capacity(level);
  CandidatePool& pool = scratch.pool;
  pool.begin(ef);
  scratch.visited.begin(graph.size());
  scratch.visited.test_and_set(start.slot);
  pool.insert(make_key(start.score, start.slot));
  std::uint64_t seen = 0;
  for (Slot node = pool.pop(); node != kNoSlot && seen < limit; node = pool.pop()) {
    const std::size_t count = gather(graph.row(node, level), capacity, gate, graph, scratch.visited,
                                     scratch.slots.data(), scratch.detours.data());
    if (const Slot next = pool.peek(); next != kNoSlot)
      math::touch(graph.row(next, level), capacity * sizeof(Slot));
    network.codes.score(scratch.query, std::span(scratch.slots).first(count), scratch.scores);
    seen += count;
    CandidateKey bound = pool.bound();
    for (std::size_t i = 0; i < count; ++i) {
      const CandidateKey key = make_key(scratch.scores[i], scratch.slots[i]);
      if (key >= bound) continue;
      pool.insert(key);
      bound = pool.bound();
    }
  }
  examined += seen;
}

}  // namespace corsac::index

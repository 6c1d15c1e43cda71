#include "index/walk.h"

#include "math/touch.h"

namespace corsac::index {
namespace {

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

}  // namespace

[[gnu::noinline]] double passing_share(const Graph& graph, const AllowedGate& gate,
                                       Slot node) noexcept {
  std::size_t passing = 0, all = 0;
  for (const Slot neighbour : graph.links(node, 0)) {
    for (const Slot slot : graph.links(neighbour, 0)) {
      passing += gate(slot) ? 1 : 0;
      ++all;
    }
  }
  return all == 0 ? 0 : static_cast<double>(passing) / static_cast<double>(all);
}

[[gnu::noinline]] Neighbour descend(const Network& network, WalkScratch& scratch, unsigned level,
                                    std::uint64_t& examined) {
  const Graph& graph = network.graph;
  Neighbour best{0, graph.entry()};
  network.codes->score(scratch.query, {&best.slot, 1}, {&best.score, 1});
  ++examined;
  for (unsigned at = graph.top_level(); at > level; --at) {
    for (bool moved = true; moved;) {
      moved = false;
      const std::span<const Slot> links = graph.links(best.slot, at);
      network.codes->score(scratch.query, links, scratch.scores);
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

template <class Gate>
[[gnu::noinline]] void walk_level(const Network& network, WalkScratch& scratch, const Gate& gate,
                                  unsigned level, Neighbour start, std::size_t ef,
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
    network.codes->score(scratch.query, std::span(scratch.slots).first(count), scratch.scores);
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

template void walk_level(const Network&, WalkScratch&, const OpenGate&, unsigned, Neighbour,
                         std::size_t, std::uint64_t, std::uint64_t&);
template void walk_level(const Network&, WalkScratch&, const LiveGate&, unsigned, Neighbour,
                         std::size_t, std::uint64_t, std::uint64_t&);
template void walk_level(const Network&, WalkScratch&, const AllowedGate&, unsigned, Neighbour,
                         std::size_t, std::uint64_t, std::uint64_t&);

}  // namespace corsac::index

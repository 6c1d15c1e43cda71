// Which nodes does no walk reach? Followed on level 0 from where every walk begins.
#pragma once

#include <vector>

#include "base/patched.h"
#include "base/section.h"
#include "index/graph.h"

namespace corsac::index {

/// The nodes without a path from the entry over links of level 0.
inline std::vector<Slot> unreachable(const Graph& graph) {
  std::vector<bool> seen(graph.size());
  std::vector<Slot> open;
  const auto meet = [&](Slot slot) {
    if (!seen[slot]) open.push_back(slot);
    seen[slot] = true;
  };
  if (graph.entry() != kNoSlot) meet(graph.entry());
  while (!open.empty()) {
    const Slot at = open.back();
    open.pop_back();
    for (const Slot slot : graph.links(at, 0)) meet(slot);
  }
  std::vector<Slot> out;
  for (Slot slot = 0; slot < graph.size(); ++slot) {
    if (graph.has(slot) && !seen[slot]) out.push_back(slot);
  }
  return out;
}

/// The graph of an index of `vectors` slots that was saved for the first time.
inline Graph saved_graph(const SectionSource& source, std::uint32_t m, std::size_t vectors) {
  const Result<PatchedContent> content = split_patched(source.section(SectionId::Graph));
  ByteReader in(content->base);
  return *Graph::decode(m, vectors, in);
}

}  // namespace corsac::index

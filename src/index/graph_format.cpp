// How a graph is stored (SectionId::Graph): version u16, m u16, entry u32, levels [size] u8 (0xFF:
// no node); then for every node by slot, for every level from 0: link count u8, links u32 each.

#include <string>
#include <utility>

#include "index/graph.h"
#include "index/levels.h"

namespace corsac::index {
namespace {

constexpr std::uint16_t kVersion = 1;

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "graph: " + std::move(what)}; }

}  // namespace

void Graph::encode(ByteWriter& out) const {
  out.put(kVersion);
  out.put(static_cast<std::uint16_t>(m_));
  out.put(entry_);
  out.put_all(std::span<const std::uint8_t>(levels_));
  for (Slot slot = 0; slot < size(); ++slot) {
    if (!has(slot)) continue;
    for (unsigned level = 0; level <= levels_[slot]; ++level) {
      const std::span<const Slot> neighbours = links(slot, level);
      out.put(static_cast<std::uint8_t>(neighbours.size()));
      out.put_all(neighbours);
    }
  }
}

Result<Graph> Graph::decode(std::uint32_t m, std::size_t size, ByteReader& in) {
  const auto version = in.get<std::uint16_t>();
  if (in.ok() && version > kVersion) {
    return Error{ErrorCode::UnsupportedFormat, "graph: version " + std::to_string(version) +
                                                   ", this library reads up to " +
                                                   std::to_string(kVersion)};
  }
  const auto stored_m = in.get<std::uint16_t>();
  const auto entry = in.get<Slot>();
  std::vector<std::uint8_t> levels = in.get_all<std::uint8_t>(size);
  if (!in.ok() || version != kVersion || stored_m != m) return corrupt("the header is damaged");

  Graph graph(m);
  // Every node costs at least one byte of input, so the rows allocated here are bounded by the
  // input.
  std::size_t nodes = 0;
  unsigned top = 0;
  for (const std::uint8_t level : levels) {
    if (level == kAbsent) continue;
    if (level > Levels::kMax) return corrupt("a node on level " + std::to_string(level));
    top = std::max<unsigned>(top, level);
    nodes += level + std::size_t{1};
  }
  if (nodes > in.remaining()) return corrupt("the link lists are cut off");
  graph.grow(size);
  for (Slot slot = 0; slot < size; ++slot) {
    if (levels[slot] != kAbsent) graph.add(slot, levels[slot]);
  }
  if (nodes == 0 ? entry != kNoSlot : entry >= size || levels[entry] != top) {
    return corrupt("the entry point " + std::to_string(entry) + " is not on the highest level");
  }
  graph.entry_ = entry;
  for (Slot slot = 0; slot < size; ++slot) {
    if (!graph.has(slot)) continue;
    for (unsigned level = 0; level <= levels[slot]; ++level) {
      if (Status read = graph.decode_links(in, slot, level); !read) return read.error();
    }
  }
  return graph;
}

Status Graph::decode_links(ByteReader& in, Slot slot, unsigned level) {
  const std::size_t count = in.get<std::uint8_t>();
  if (count > capacity(level)) return corrupt(std::to_string(count) + " links in a list");
  Slot* const first = mutable_row(slot, level);
  for (std::size_t i = 0; i < count; ++i) {
    const auto neighbour = in.get<Slot>();
    if (!in.ok()) return corrupt("the link lists are cut off");
    if (neighbour >= size() || !has(neighbour) || level > levels_[neighbour] || neighbour == slot) {
      return corrupt("node " + std::to_string(slot) + " links to " + std::to_string(neighbour) +
                     " on level " + std::to_string(level));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (first[j] == neighbour)
        return corrupt("node " + std::to_string(slot) + " has a neighbour twice");
    }
    first[i] = neighbour;
  }
  return Done{};
}

}  // namespace corsac::index

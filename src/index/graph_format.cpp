// How a graph is stored (SectionId::Graph, whose framing is base/patched.h):
//
//   graph   := version u16, m u16, entry u32, [from version 2: size u32],
//              levels [size] u8 (0xFF: no node), lists of every node by slot
//   changes := size u32, entry u32, count u32,
//              (slot u32, level u8, [lists unless 0xFF]){count} by slot
//   lists   := (link count u8, links u32 each) for every level from 0
//
// Version 1 is for as many slots as there are vectors, and nothing is added to it.

#include <string>
#include <utility>

#include "index/graph.h"
#include "index/levels.h"

namespace corsac::index {
namespace {

constexpr std::uint16_t kVersion = 2;

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "graph: " + std::move(what)}; }

}  // namespace

void Graph::encode_lists(ByteWriter& out, Slot slot) const {
  for (unsigned level = 0; level <= levels_[slot]; ++level) {
    const std::span<const Slot> neighbours = links(slot, level);
    out.put(static_cast<std::uint8_t>(neighbours.size()));
    out.put_all(neighbours);
  }
}

void Graph::encode(ByteWriter& out) const {
  out.put(kVersion);
  out.put(static_cast<std::uint16_t>(m_));
  out.put(entry_);
  out.put(static_cast<std::uint32_t>(size()));
  out.put_all(std::span<const std::uint8_t>(levels_));
  for (Slot slot = 0; slot < size(); ++slot) {
    if (has(slot)) encode_lists(out, slot);
  }
}

void Graph::encode_changes(ByteWriter& out) const {
  out.put(static_cast<std::uint32_t>(size()));
  out.put(entry_);
  out.put(static_cast<std::uint32_t>(changed()));
  for (Slot slot = 0; slot < size(); ++slot) {
    if (changed_[slot] == 0) continue;
    out.put(slot);
    out.put(levels_[slot]);
    if (has(slot)) encode_lists(out, slot);
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
  const std::size_t stored_size = version == 1 ? size : in.get<std::uint32_t>();
  std::vector<std::uint8_t> levels = in.get_all<std::uint8_t>(std::min(stored_size, size));
  if (!in.ok() || version == 0 || stored_m != m || stored_size > size)
    return corrupt("the header is damaged");

  Graph graph(m);
  // Every list costs at least one byte of input, so the rows allocated here are bounded by the
  // input.
  std::size_t lists = 0;
  for (const std::uint8_t level : levels) {
    if (level == kAbsent) continue;
    if (level > Levels::kMax) return corrupt("a node on level " + std::to_string(level));
    lists += level + std::size_t{1};
  }
  if (lists > in.remaining()) return corrupt("the link lists are cut off");
  graph.grow(size);
  graph.entry_ = entry;
  for (Slot slot = 0; slot < levels.size(); ++slot) {
    if (levels[slot] == kAbsent) continue;
    graph.add(slot, levels[slot]);
    if (Status read = graph.decode_lists(in, slot); !read) return read.error();
  }
  return graph;
}

Status Graph::apply_changes(ByteReader& in) {
  const auto stored_size = in.get<std::uint32_t>();
  const auto entry = in.get<Slot>();
  const auto count = in.get<std::uint32_t>();
  if (!in.ok() || stored_size > size()) return corrupt("the header of changes is damaged");
  entry_ = entry;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto slot = in.get<Slot>();
    const auto level = in.get<std::uint8_t>();
    if (!in.ok() || slot >= stored_size || (level != kAbsent && level > Levels::kMax))
      return corrupt("a change of node " + std::to_string(slot) + " is damaged");
    if (level == kAbsent) {
      nodes_ -= has(slot) ? 1 : 0;
      levels_[slot] = kAbsent;
      continue;
    }
    if (!has(slot)) {
      add(slot, level);
    } else if (levels_[slot] != level) {
      return corrupt("node " + std::to_string(slot) + " changes its level");
    }
    if (Status read = decode_lists(in, slot); !read) return read;
  }
  return Done{};
}

Status Graph::decode_lists(ByteReader& in, Slot slot) {
  for (unsigned level = 0; level <= levels_[slot]; ++level) {
    const std::size_t count = in.get<std::uint8_t>();
    if (count > capacity(level)) return corrupt(std::to_string(count) + " links in a list");
    Slot* const row = mutable_row(slot, level);
    const ByteView links = in.take(count * sizeof(Slot));
    if (!in.ok()) return corrupt("the link lists are cut off");
    if (count > 0) std::memcpy(row, links.data(), links.size());
    std::fill(row + count, row + capacity(level), kNoSlot);
  }
  return Done{};
}

Status Graph::check() const {
  unsigned top = 0;
  for (Slot slot = 0; slot < size(); ++slot) {
    if (!has(slot)) continue;
    top = std::max(top, level(slot));
    for (unsigned level = 0; level <= levels_[slot]; ++level) {
      if (Status good = check_links(slot, level); !good) return good;
    }
  }
  const bool is_on_top = entry_ < size() && has(entry_) && level(entry_) == top;
  if (nodes_ == 0 ? entry_ != kNoSlot : !is_on_top)
    return corrupt("the entry point " + std::to_string(entry_) + " is not on the highest level");
  return Done{};
}

Status Graph::check_links(Slot slot, unsigned level) const {
  const std::span<const Slot> all = links(slot, level);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Slot neighbour = all[i];
    if (neighbour >= size() || !has(neighbour) || level > levels_[neighbour] || neighbour == slot) {
      return corrupt("node " + std::to_string(slot) + " links to " + std::to_string(neighbour) +
                     " on level " + std::to_string(level));
    }
    if (std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), neighbour) !=
        all.begin() + static_cast<std::ptrdiff_t>(i))
      return corrupt("node " + std::to_string(slot) + " has a neighbour twice");
  }
  return Done{};
}

}  // namespace corsac::index

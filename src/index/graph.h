// The links of a hierarchical navigable small world graph, as arrays: who is next to whom on which
// level.
//
// Level 0 is one array of fixed stride, so that a hop is one multiplication and two cache lines.
// Few nodes have upper levels; their lists lie in a second array.
//
// Invariants, checked at load and by tests-cpp/index/graph_test.cpp:
//   - a link on level l joins two nodes that are on level l, and no node with itself;
//   - a node has at most m links per level, 2m on level 0, and no neighbour twice.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/types.h"
#include "math/aligned.h"

namespace corsac::index {

class Graph {
 public:
  explicit Graph(std::uint32_t m) noexcept : m_(m) {}

  /// Slots that have room; not all are nodes.
  std::size_t size() const noexcept { return levels_.size(); }
  bool has(Slot slot) const noexcept { return levels_[slot] != kAbsent; }
  std::size_t nodes() const noexcept { return nodes_; }
  /// Requires: has(slot).
  unsigned level(Slot slot) const noexcept { return levels_[slot]; }

  /// Where searches begin: a node of the highest level; kNoSlot when the graph is empty.
  Slot entry() const noexcept { return entry_; }
  unsigned top_level() const noexcept { return entry_ == kNoSlot ? 0 : levels_[entry_]; }
  void set_entry(Slot slot) noexcept { entry_ = slot; }

  std::size_t capacity(unsigned level) const noexcept { return level == 0 ? 2 * m_ : m_; }

  /// Makes room for slots up to `size`; the new ones are no nodes yet.
  void grow(std::size_t size);
  /// Makes `slot` a node without links. Requires: !has(slot).
  void add(Slot slot, unsigned level);
  /// Takes a node out. Requires: nobody links to it any more, and it is not the entry.
  void erase(Slot slot) noexcept;

  /// The list's row: capacity(level) slots, kNoSlot after the last link. Requires: level <=
  /// level(slot).
  const Slot* row(Slot slot, unsigned level) const noexcept {
    return level == 0 ? base_.data() + slot * std::size_t{2 * m_} : upper_row(slot, level);
  }
  std::span<const Slot> links(Slot slot, unsigned level) const noexcept;
  /// Requires: links.size() <= capacity(level).
  void set_links(Slot slot, unsigned level, std::span<const Slot> links) noexcept;
  /// Adds one link behind the others. Requires: there is room.
  void add_link(Slot slot, unsigned level, Slot neighbour) noexcept;

  std::uint64_t bytes() const noexcept;

  /// The nodes that were added, erased or linked anew since settle().
  std::size_t changed() const noexcept;
  /// Everything is stored.
  void settle() noexcept { std::ranges::fill(changed_, std::uint8_t{0}); }

  void encode(ByteWriter& out) const;
  void encode_changes(ByteWriter& out) const;
  /// What encode() wrote, without a look at where links lead. Gives a graph of `size` slots.
  /// Fails with: Corrupt when a count or a level breaks an invariant, UnsupportedFormat.
  static Result<Graph> decode(std::uint32_t m, std::size_t size, ByteReader& in);
  /// What encode_changes() wrote, on top of that. Fails with: Corrupt.
  Status apply_changes(ByteReader& in);
  /// Fails with: Corrupt when the entry or a link breaks an invariant.
  Status check() const;

 private:
  static constexpr std::uint8_t kAbsent = 0xFF;

  const Slot* upper_row(Slot slot, unsigned level) const noexcept {
    assert(level <= levels_[slot]);
    return upper_.data() + upper_first_[slot] + (level - 1) * std::size_t{m_};
  }
  Slot* mutable_row(Slot slot, unsigned level) noexcept {
    return const_cast<Slot*>(row(slot, level));
  }
  // Atomic: workers may link two levels of one node at once, and both mark it.
  void mark(Slot slot) noexcept { __atomic_store_n(&changed_[slot], 1, __ATOMIC_RELAXED); }
  void encode_lists(ByteWriter& out, Slot slot) const;
  Status decode_lists(ByteReader& in, Slot slot);
  Status check_links(Slot slot, unsigned level) const;

  std::uint32_t m_;
  Slot entry_ = kNoSlot;
  std::size_t nodes_ = 0;
  math::AlignedVector<Slot> base_;          // [size x 2m] level 0
  std::vector<std::uint8_t> levels_;        // [size] highest level of a node, or kAbsent
  std::vector<std::uint32_t> upper_first_;  // [size] where a node's upper rows begin in upper_
  std::vector<Slot> upper_;                 // [sum of levels x m] levels 1 and up
  std::vector<std::uint8_t> changed_;       // [size] 1 where a node is not stored as it is
};

}  // namespace corsac::index

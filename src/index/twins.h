// Which slots hold exactly the same code? Only the first of them, the representative, is a node of
// the graph; the others hang on it. Otherwise hundreds of equal vectors would link to nothing but
// each other and hide from every search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/bitset.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/types.h"
#include "codec/codec.h"

namespace corsac::index {

class Twins {
 public:
  void grow(std::size_t size) { has_others_.resize(size); }

  /// The slots that hang on a representative, ascending.
  std::span<const Slot> others(Slot representative) const noexcept {
    if (!has_others_.test(representative)) return {};
    return groups_.find(representative)->second.others;
  }
  /// The slot that stands for this one in the graph: itself, or the one that it hangs on.
  Slot representative_of(Slot slot) const noexcept {
    const auto found = representatives_.find(slot);
    return found == representatives_.end() ? slot : found->second;
  }

  /// Hangs a live slot on a representative, which is live when it is the first. Requires: the slot
  /// is above every slot that joined before.
  void join(Slot representative, Slot slot);
  /// One slot of a group was removed. Gives how many live ones are left.
  std::size_t remove(Slot representative) noexcept;
  /// Live slots of a group; 0 for a slot without twins.
  std::size_t live(Slot representative) const noexcept {
    return has_others_.test(representative) ? groups_.find(representative)->second.live : 0;
  }
  /// Lets go of all that hang on a representative.
  void dissolve(Slot representative);
  std::size_t joined() const noexcept { return representatives_.size(); }

  /// Whether the list is another than at settle().
  bool changed() const noexcept { return changed_; }
  void settle() noexcept { changed_ = false; }

  /// Count u32, then (slot, representative) u32 each, by slot.
  void encode(ByteWriter& out) const;
  /// Fails with: Corrupt. `nodes` are the slots that are in the graph, `removed` those that are no
  /// hits.
  static Result<Twins> decode(const Bitset& nodes, const Bitset& removed, ByteReader& in);

 private:
  struct Group {
    std::vector<Slot> others;
    std::size_t live = 0;  // of the representative and the others
  };

  Bitset has_others_;                     // [size]
  std::map<Slot, Group> groups_;          // by representative
  std::map<Slot, Slot> representatives_;  // of the others
  bool changed_ = false;
};

/// Finds the representative of a code by its bytes: a hash table of slots that is never iterated,
/// so its order cannot show. Not stored: filled again before the first append after a load.
class TwinTable {
 public:
  std::size_t size() const noexcept { return used_; }

  /// Room for `count` codes, so that putting them in moves nothing. Requires: it is empty.
  void reserve(std::size_t count) {
    std::size_t cells = 64;
    while (cells < 2 * (count + 1)) cells *= 2;
    cells_.assign(cells, kNoSlot);
  }

  /// The slot put in before whose code equals that of `slot`, or kNoSlot after putting `slot` in.
  /// When that slot `is_gone`, `slot` takes its place.
  template <class IsGone>
  Slot find_or_put(const codec::Codec& codes, Slot slot, IsGone is_gone) {
    if (2 * (used_ + 1) > cells_.size()) grow(codes);
    Slot& cell = find_cell(codes, slot);
    if (cell == kNoSlot) {
      cell = slot;
      ++used_;
      return kNoSlot;
    }
    if (!is_gone(cell)) return cell;
    cell = slot;
    return kNoSlot;
  }

 private:
  Slot& find_cell(const codec::Codec& codes, Slot slot) {
    const std::size_t mask = cells_.size() - 1;
    std::size_t at = static_cast<std::size_t>(codes.fingerprint(slot)) & mask;
    while (cells_[at] != kNoSlot && !codes.same_code(cells_[at], slot)) at = (at + 1) & mask;
    return cells_[at];
  }
  void grow(const codec::Codec& codes) {
    std::vector<Slot> old(cells_.empty() ? 64 : 2 * cells_.size(), kNoSlot);
    old.swap(cells_);
    for (const Slot slot : old) {
      if (slot != kNoSlot) find_cell(codes, slot) = slot;
    }
  }

  std::vector<Slot> cells_;  // a power of two, at most half full
  std::size_t used_ = 0;
};

}  // namespace corsac::index

// Which vectors has this document, and whose vector is this? Ordinal -> slots is stored,
// append-only; slot -> ordinal follows from it: the last ordinal that names a slot owns it, because
// only a document that replaces another takes over its slots.
//   slots := (u32 first slot or 2^32 - 1, u32 count)[ordinals]
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bitset.h"
#include "base/result.h"
#include "base/section.h"
#include "base/types.h"

namespace corsac::collection {

/// A document's vectors: `count` slots from `first`; none when count is 0.
struct SlotRange {
  Slot first = kNoSlot;
  std::uint32_t count = 0;

  friend bool operator==(const SlotRange&, const SlotRange&) = default;
};

class SlotTable {
 public:
  /// As saved: a row for each of `ordinals`, over `slots` vectors.
  /// Fails with: Corrupt (length, a range outside the slots, a slot of nobody, a slot of two live
  /// documents).
  static Result<SlotTable> load(const SectionSource& source, std::size_t ordinals,
                                std::size_t slots, const Bitset& deleted);

  std::size_t ordinals() const noexcept { return rows_.size(); }
  std::size_t slots() const noexcept { return owners_.size(); }
  /// Requires: ordinal < ordinals().
  SlotRange of(Ordinal ordinal) const noexcept { return rows_[ordinal]; }
  /// Slot -> ordinal, [slots()].
  std::span<const Ordinal> owners() const noexcept { return owners_; }
  /// Every ordinal has exactly the slot of the same number.
  bool is_identity() const noexcept { return identity_; }

  /// The next ordinal has the next `count` new slots, or none.
  void append_new(std::uint32_t count);
  /// The next ordinal takes over `slots` from a document it replaces. Requires: they exist.
  void append_kept(SlotRange slots);

  /// The slots of the members of `ordinals`. Requires: ordinals.size() == ordinals().
  Bitset slots_of(const Bitset& ordinals) const;

  void save(SectionSink& sink);
  std::uint64_t bytes() const noexcept;

 private:
  void append(SlotRange range);

  std::vector<SlotRange> rows_;
  std::vector<Ordinal> owners_;
  bool identity_ = true;
  std::size_t saved_rows_ = 0;
};

}  // namespace corsac::collection

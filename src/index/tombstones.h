// Which slots were removed, and the part of SectionId::IndexMeta that remembers them for every kind
// of index.
#pragma once

#include <cstddef>

#include "base/bitset.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/types.h"
#include "index/vector_index.h"

namespace corsac::index {

class Tombstones {
 public:
  std::size_t size() const noexcept { return removed_.size(); }
  std::size_t removed() const noexcept { return count_; }
  std::size_t live() const noexcept { return size() - count_; }
  bool test(Slot slot) const noexcept { return removed_.test(slot); }

  /// New slots are live.
  void grow(std::size_t size) { removed_.resize(size); }
  /// False when it was removed before.
  bool set(Slot slot) noexcept {
    if (removed_.test(slot)) return false;
    removed_.set(slot);
    ++count_;
    return true;
  }
  const Bitset& bits() const noexcept { return removed_; }

  /// Version, kind, codec, metric, dimension, size, bitmap.
  void encode(const IndexOptions& options, ByteWriter& out) const;
  /// Fails with: Corrupt when a field contradicts `options` or `vectors`, UnsupportedFormat.
  static Result<Tombstones> decode(const IndexOptions& options, std::size_t vectors,
                                   ByteReader& in);

 private:
  Bitset removed_;
  std::size_t count_ = 0;
};

}  // namespace corsac::index

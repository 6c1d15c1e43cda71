// A set of ordinals that only grows at its end: a list while it is sparse, a bitmap while it is
// dense, whichever is smaller. The form depends on what was added alone, so equal sets save equal
// bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/types.h"

namespace corsac::filter {

/// Bits over ordinals, 64 in a word.
using Words = std::vector<std::uint64_t>;

inline Words words_for(std::size_t documents) { return Words((documents + 63) / 64); }

class OrdinalSet {
 public:
  /// Requires: no higher ordinal was added. Adding the last one again changes nothing.
  void add(Ordinal ordinal);
  std::size_t size() const noexcept { return count_; }
  /// Sets the bits of the members below `documents`. Requires: words_for(documents).
  void mark(std::size_t documents, Words& words) const;

  void save(ByteWriter& out) const;
  /// Fails the reader unless the members ascend below `end`.
  static OrdinalSet load(ByteReader& in, std::size_t end);
  std::uint64_t bytes() const noexcept {
    return list_.size() * sizeof(Ordinal) + bits_.size() * sizeof(std::uint64_t);
  }

 private:
  void become_dense();
  void become_sparse();

  std::vector<Ordinal> list_;  // empty while dense
  Words bits_;                 // empty while sparse
  std::size_t count_ = 0;
  std::size_t end_ = 0;  // one more than the last member
  bool dense_ = false;
};

}  // namespace corsac::filter

// The ordinals of a column's values, in the order they were added. While every document so far has
// exactly one value nothing is kept: value i belongs to ordinal i.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "base/bitset.h"
#include "base/bytes.h"
#include "base/types.h"
#include "filter/ordinal_set.h"

namespace corsac::filter {

class Entries {
 public:
  /// Requires: no higher ordinal was added. The same one may be added again.
  void add(Ordinal ordinal) {
    if (dense_ && ordinal != count_) {
      ordinals_.resize(count_);
      std::iota(ordinals_.begin(), ordinals_.end(), Ordinal{0});
      dense_ = false;
    }
    assert(dense_ || ordinals_.empty() || ordinals_.back() <= ordinal);
    if (!dense_) ordinals_.push_back(ordinal);
    ++count_;
  }
  std::size_t size() const noexcept { return count_; }

  /// Sets the bit of every document below `documents` with an entry at or above `from` that
  /// satisfies `test(entry)`.
  template <class Test>
  void mark(std::size_t from, std::size_t documents, Words& words, const Test& test) const {
    if (dense_) {
      const std::size_t end = std::min(documents, count_);
      for (std::size_t start = from; start < end; start = start / 64 * 64 + 64) {
        const std::size_t first = start / 64 * 64;
        const std::size_t stop = std::min(end - first, std::size_t{64});
        std::uint64_t word = 0;
        for (std::size_t i = start - first; i < stop; ++i)
          word |= std::uint64_t{test(first + i)} << i;
        words[start / 64] |= word;
      }
      return;
    }
    const auto last = std::lower_bound(ordinals_.begin(), ordinals_.end(), documents);
    const auto end = static_cast<std::size_t>(last - ordinals_.begin());
    for (std::size_t i = from; i < end; ++i) {
      words[ordinals_[i] / 64] |= std::uint64_t{test(i)} << ordinals_[i] % 64;
    }
  }
  /// Sets the bits of the documents of these entries.
  void mark(std::span<const std::uint32_t> entries, std::size_t documents, Words& words) const {
    for (const std::uint32_t entry : entries) {
      const Ordinal ordinal = dense_ ? entry : ordinals_[entry];
      if (ordinal < documents) words[ordinal / 64] |= std::uint64_t{1} << ordinal % 64;
    }
  }

  /// Calls visit(entry, ordinal) for every entry of a document in the set.
  template <class Visit>
  void for_each(const Bitset& documents, const Visit& visit) const {
    for (std::size_t i = 0; i < count_; ++i) {
      const Ordinal ordinal = dense_ ? static_cast<Ordinal>(i) : ordinals_[i];
      if (ordinal >= documents.size()) return;
      if (documents.test(ordinal)) visit(i, ordinal);
    }
  }

  void save(ByteWriter& out) const {
    out.put(static_cast<std::uint32_t>(dense_));
    out.put(std::uint64_t{count_});
    out.put_all(std::span<const Ordinal>(ordinals_));
  }
  /// Fails the reader unless the ordinals ascend below `end`.
  static Entries load(ByteReader& in, std::size_t end) {
    Entries out;
    const auto form = in.get<std::uint32_t>();
    const auto count = in.get<std::uint64_t>();
    out.dense_ = form == 1;
    if (form > 1 || count > (out.dense_ ? end : in.remaining())) in.fail();
    out.count_ = static_cast<std::size_t>(count);
    if (!out.dense_ && in.ok()) {
      out.ordinals_ = in.get_all<Ordinal>(out.count_);
      const bool ascend = std::is_sorted(out.ordinals_.begin(), out.ordinals_.end());
      if (!ascend || (!out.ordinals_.empty() && out.ordinals_.back() >= end)) in.fail();
    }
    return in.ok() ? out : Entries{};
  }
  std::uint64_t bytes() const noexcept { return ordinals_.size() * sizeof(Ordinal); }

 private:
  std::vector<Ordinal> ordinals_;  // [count] ascending; empty while dense
  std::size_t count_ = 0;
  bool dense_ = true;
};

}  // namespace corsac::filter

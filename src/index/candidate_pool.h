// The best candidates of one walk, sorted, each marked once it was expanded (Algorithm 2 of
// arXiv:1603.09320 with one array instead of two heaps).
//
// A candidate is one 64-bit number: its score turned into an ascending integer, then its slot, then
// the mark. Comparing numbers compares scores first and slots second, so equal scores rank alike
// everywhere.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/types.h"

namespace corsac::index {

/// Best first: a lower key is a better candidate.
using CandidateKey = std::uint64_t;

/// Requires: slot < 2^31; the score is no NaN.
constexpr CandidateKey make_key(float score, Slot slot) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(score + 0.0f);  // -0 becomes 0
  const std::uint32_t ascending = (bits >> 31) != 0 ? bits : ~bits ^ 0x80000000u;
  return std::uint64_t{ascending} << 32 | std::uint64_t{slot} << 1;
}
constexpr Slot slot_of(CandidateKey key) noexcept { return static_cast<Slot>(key) >> 1; }
constexpr float score_of(CandidateKey key) noexcept {
  const auto ascending = static_cast<std::uint32_t>(key >> 32);
  return std::bit_cast<float>((ascending >> 31) != 0 ? ascending : ~(ascending ^ 0x80000000u));
}

class CandidatePool {
 public:
  void begin(std::size_t capacity) {
    if (keys_.size() < capacity + 1) keys_.resize(capacity + 1);
    capacity_ = capacity;
    size_ = next_ = 0;
  }

  bool full() const noexcept { return size_ == capacity_; }
  /// What a candidate must be below to enter.
  CandidateKey bound() const noexcept { return full() ? keys_[size_ - 1] : ~CandidateKey{0}; }

  /// Requires: key < bound(), and its slot is not here.
  void insert(CandidateKey key) noexcept {
    std::size_t low = 0;
    for (std::size_t length = size_; length > 0;) {
      const std::size_t half = length / 2;
      const bool after = keys_[low + half] < key;
      low = after ? low + half + 1 : low;
      length = after ? length - half - 1 : half;
    }
    if (size_ < capacity_) ++size_;
    std::memmove(keys_.data() + low + 1, keys_.data() + low,
                 (size_ - 1 - low) * sizeof(CandidateKey));
    keys_[low] = key;
    if (low < next_) next_ = low;
  }

  /// The best candidate not yet expanded, now marked; kNoSlot when there is none.
  Slot pop() noexcept {
    while (next_ < size_ && (keys_[next_] & 1) != 0) ++next_;
    if (next_ == size_) return kNoSlot;
    keys_[next_] |= 1;
    return slot_of(keys_[next_++]);
  }
  /// The candidate that pop() would most likely give next, or kNoSlot.
  Slot peek() const noexcept { return next_ < size_ ? slot_of(keys_[next_]) : kNoSlot; }

  /// Best first.
  std::span<const CandidateKey> keys() const noexcept { return {keys_.data(), size_}; }

 private:
  std::vector<CandidateKey> keys_;
  std::size_t capacity_ = 0, size_ = 0;
  std::size_t next_ = 0;  // everything before was expanded
};

}  // namespace corsac::index

// A set of ordinals or slots: how a filter reaches an index, and how deletes are remembered.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace corsac {

/// Bits past `size()` inside the last word are always zero.
class Bitset {
 public:
  Bitset() = default;
  explicit Bitset(std::size_t size, bool value = false) { resize(size, value); }

  std::size_t size() const noexcept { return size_; }
  bool test(std::size_t i) const noexcept {
    assert(i < size_);
    return (words_[i / 64] >> (i % 64) & 1) != 0;
  }
  void set(std::size_t i) noexcept {
    assert(i < size_);
    words_[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  void reset(std::size_t i) noexcept {
    assert(i < size_);
    words_[i / 64] &= ~(std::uint64_t{1} << (i % 64));
  }

  /// Grows or shrinks; new bits are `value`.
  void resize(std::size_t size, bool value = false) {
    const std::size_t old = size_;
    words_.resize((size + 63) / 64, value ? ~std::uint64_t{0} : 0);
    size_ = size;
    if (value && size > old && old % 64 != 0) words_[old / 64] |= ~std::uint64_t{0} << (old % 64);
    trim();
  }

  std::size_t count() const noexcept {
    std::size_t total = 0;
    for (const std::uint64_t word : words_) total += static_cast<std::size_t>(std::popcount(word));
    return total;
  }

  bool none() const noexcept {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }

  /// Requires: other.size() == size(), for all three.
  void operator&=(const Bitset& other) noexcept {
    assert(other.size_ == size_);
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] &= other.words_[w];
  }
  void operator|=(const Bitset& other) noexcept {
    assert(other.size_ == size_);
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] |= other.words_[w];
  }
  void subtract(const Bitset& other) noexcept {
    assert(other.size_ == size_);
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] &= ~other.words_[w];
  }
  void flip() noexcept {
    for (std::uint64_t& word : words_) word = ~word;
    trim();
  }

  /// Calls visit(i) for every member in ascending order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t w = 0; w < words_.size(); ++w) {
      for (std::uint64_t word = words_[w]; word != 0; word &= word - 1) {
        visit(w * 64 + static_cast<std::size_t>(std::countr_zero(word)));
      }
    }
  }

  std::span<const std::uint64_t> words() const noexcept { return words_; }
  /// Takes words as stored. Requires: words.size() == ceil(size / 64). Stray high bits are cleared.
  static Bitset from_words(std::vector<std::uint64_t> words, std::size_t size) {
    assert(words.size() == (size + 63) / 64);
    Bitset out;
    out.words_ = std::move(words);
    out.size_ = size;
    out.trim();
    return out;
  }

  friend bool operator==(const Bitset&, const Bitset&) = default;

 private:
  void trim() noexcept {
    if (size_ % 64 != 0) words_.back() &= ~std::uint64_t{0} >> (64 - size_ % 64);
  }

  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
};

}  // namespace corsac

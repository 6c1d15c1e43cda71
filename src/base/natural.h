// Natural numbers of any size, as far as exact decimal conversion needs them.
#pragma once

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace corsac {

class Natural {
 public:
  explicit Natural(std::uint64_t value = 0) {
    for (; value != 0; value >>= 32) limbs_.push_back(static_cast<std::uint32_t>(value));
  }

  bool is_zero() const noexcept { return limbs_.empty(); }
  std::size_t bit_length() const noexcept {
    return limbs_.empty()
               ? 0
               : limbs_.size() * 32 - static_cast<std::size_t>(std::countl_zero(limbs_.back()));
  }

  /// this = this * factor + addend.
  void multiply_add(std::uint32_t factor, std::uint32_t addend = 0) {
    std::uint64_t carry = addend;
    for (std::uint32_t& limb : limbs_) {
      carry += std::uint64_t{limb} * factor;
      limb = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) limbs_.push_back(static_cast<std::uint32_t>(carry));
  }
  void multiply_power_of_ten(std::size_t power) {
    for (; power >= 9; power -= 9) multiply_add(1'000'000'000u);
    for (; power > 0; --power) multiply_add(10);
  }
  void shift_left(std::size_t bits) {
    if (is_zero() || bits == 0) return;
    if (bits % 32 != 0) multiply_add(std::uint32_t{1} << bits % 32);
    limbs_.insert(limbs_.begin(), bits / 32, 0u);
  }
  void add(const Natural& other) {
    if (limbs_.size() < other.limbs_.size()) limbs_.resize(other.limbs_.size());
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < limbs_.size(); ++i) {
      carry += std::uint64_t{limbs_[i]} + (i < other.limbs_.size() ? other.limbs_[i] : 0u);
      limbs_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) limbs_.push_back(static_cast<std::uint32_t>(carry));
  }
  /// Requires: other <= *this.
  void subtract(const Natural& other) {
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < limbs_.size(); ++i) {
      const std::uint64_t less = borrow + (i < other.limbs_.size() ? other.limbs_[i] : 0u);
      borrow = limbs_[i] < less ? 1 : 0;
      limbs_[i] = static_cast<std::uint32_t>(limbs_[i] - less);
    }
    while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
  }

  friend bool operator==(const Natural&, const Natural&) = default;
  friend std::strong_ordering operator<=>(const Natural& a, const Natural& b) noexcept {
    if (a.limbs_.size() != b.limbs_.size()) return a.limbs_.size() <=> b.limbs_.size();
    for (std::size_t i = a.limbs_.size(); i-- > 0;) {
      if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] <=> b.limbs_[i];
    }
    return std::strong_ordering::equal;
  }

 private:
  std::vector<std::uint32_t> limbs_;  // low first, the last is not zero
};

}  // namespace corsac

// On how many levels of the graph does a node live? Level l or higher with probability m^-l, as
// floor(-ln(U) / ln(m)) gives (Malkov & Yashunin, arXiv:1603.09320), but decided by comparing a
// 64-bit random number with a table of integers: no logarithm, so no platform disagrees.
#pragma once

#include <array>
#include <cstdint>

#include "base/types.h"

namespace corsac::index {

class Levels {
 public:
  /// Levels above 0 that a node may reach: 4^15 exceeds the vectors that memory holds.
  static constexpr unsigned kMax = 15;

  /// Requires: m >= 2.
  Levels(std::uint32_t m, std::uint64_t seed) noexcept;

  /// The level of a slot depends on the seed and the slot alone, not on the order of inserts.
  unsigned of(Slot slot) const noexcept;

 private:
  std::uint64_t seed_;
  std::array<std::uint64_t, kMax> limits_;  // level l or more: the draw is below limits_[l - 1]
};

}  // namespace corsac::index

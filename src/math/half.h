// Floats of 16 bits (IEEE 754 binary16): half the bytes, eleven bits of precision.
#pragma once

#include <bit>
#include <cstdint>

namespace corsac::math {

inline constexpr float kMaxHalf = 65504;

/// The nearest half, ties to even; what is larger becomes +-kMaxHalf. Requires: finite.
constexpr std::uint16_t to_half(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7FFFFFFFu;
  if (magnitude >= 0x477FF000u) return static_cast<std::uint16_t>(sign | 0x7BFFu);
  if (magnitude < 0x38800000u) {
    // Below 2^-14 a half counts in steps of 2^-24; adding 0.5 leaves that count in the low bits,
    // rounded by the addition itself.
    const float counted = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(counted) - 0x3F000000u));
  }
  const std::uint32_t odd = magnitude >> 13 & 1;
  return static_cast<std::uint16_t>(sign | (magnitude - 0x38000000u + 0xFFFu + odd) >> 13);
}

/// Exact. Requires: no infinity and no NaN.
constexpr float from_half(std::uint16_t half) noexcept {
  const std::uint32_t sign = (half & 0x8000u) << 16, magnitude = half & 0x7FFFu;
  // The exponent's bias differs by 112; a multiplication also makes small halves normal.
  const float value = std::bit_cast<float>(magnitude << 13) * 0x1p112f;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
}

constexpr bool is_finite_half(std::uint16_t half) noexcept { return (half & 0x7C00u) != 0x7C00u; }

}  // namespace corsac::math

// A random rotation that costs additions only: the codes of one and two bits need coordinates that
// look alike. Each of three rounds flips signs at random and applies a Walsh-Hadamard transform
// (Ailon & Chazelle, "The fast Johnson-Lindenstrauss transform", 2009).
//
// Vectors are padded with zeros to a multiple of 64, not to a power of two, which could double
// them: a transform covers the largest power of two that fits, the first and the third from the
// front, the second up to the end. The same floats on every platform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "math/kernels.h"

namespace corsac::math {

class Rotation {
 public:
  Rotation(std::size_t dimension, std::uint64_t seed, const Kernels& kernels);

  /// Dimensions of a rotated vector.
  std::size_t padded() const noexcept { return padded_; }
  /// Requires: vector is [dimension], out [padded()].
  void apply(std::span<const float> vector, std::span<float> out) const noexcept;
  /// The way back, in place. Requires: values is [padded()].
  void undo(std::span<float> values) const noexcept;

 private:
  static constexpr std::size_t kRounds = 3;

  void flip(std::size_t round, std::span<float> values) const noexcept;
  void transform(std::size_t round, std::span<float> values) const noexcept;

  const Kernels* kernels_;
  std::size_t padded_;
  std::size_t block_;                // the largest power of two up to padded_
  float scale_;                      // 1 / sqrt(block_)
  std::vector<std::uint8_t> signs_;  // [kRounds x padded_] 1: flip
};

}  // namespace corsac::math

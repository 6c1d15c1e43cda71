#include "math/rotation.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "base/random.h"

namespace corsac::math {

Rotation::Rotation(std::size_t dimension, std::uint64_t seed, const Kernels& kernels)
    : kernels_(&kernels),
      padded_((dimension + 63) / 64 * 64),
      block_(std::bit_floor(padded_)),
      scale_(static_cast<float>(1 / std::sqrt(static_cast<double>(block_)))),
      signs_(kRounds * padded_) {
  Random random(seed);
  for (std::uint8_t& sign : signs_) sign = static_cast<std::uint8_t>(random.next() >> 63);
}

void Rotation::flip(std::size_t round, std::span<float> values) const noexcept {
  const std::uint8_t* const signs = signs_.data() + round * padded_;
  for (std::size_t i = 0; i < padded_; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(values[i]);
    values[i] = std::bit_cast<float>(bits ^ std::uint32_t{signs[i]} << 31);
  }
}

void Rotation::transform(std::size_t round, std::span<float> values) const noexcept {
  const std::span<float> block = values.subspan(round % 2 == 0 ? 0 : padded_ - block_, block_);
  kernels_->fwht(block.data(), block_);
  for (float& x : block) x *= scale_;
}

void Rotation::apply(std::span<const float> vector, std::span<float> out) const noexcept {
  assert(out.size() == padded_ && vector.size() <= padded_);
  std::fill(std::copy(vector.begin(), vector.end(), out.begin()), out.end(), 0.0f);
  for (std::size_t round = 0; round < kRounds; ++round) {
    flip(round, out);
    transform(round, out);
  }
}

void Rotation::undo(std::span<float> values) const noexcept {
  assert(values.size() == padded_);
  for (std::size_t round = kRounds; round-- > 0;) {
    transform(round, values);
    flip(round, values);
  }
}

}  // namespace corsac::math

// Which few points stand best for many? Lloyd's iterations from seeded k-means++ starts (Arthur &
// Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007). The same points and
// seed give the same centroids on every platform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "math/kernels.h"

namespace corsac::codec {

struct KMeans {
  std::size_t dimension;
  std::size_t iterations;
  std::uint64_t seed;
  const math::Kernels& kernels;

  /// Fills `centroids` [k x dimension] from `points` [n x dimension]. Requires: n >= 1.
  void run(std::span<const float> points, std::span<float> centroids) const;
};

/// The nearest of `count` centroids, the first of equals. `distances` is [count] of room.
std::size_t nearest_centroid(const math::Kernels& kernels, const float* point,
                             const float* centroids, std::size_t dimension,
                             std::span<const std::uint32_t> picks,
                             std::span<float> distances) noexcept;

}  // namespace corsac::codec

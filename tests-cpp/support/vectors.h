// Deterministic vectors for tests: the same seed gives the same bits on every platform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"

namespace corsac::test {

/// `count` vectors of `dimension` floats in [-1, 1), row-major [count x dimension].
inline std::vector<float> random_vectors(std::size_t count, std::size_t dimension,
                                         std::uint64_t seed) {
  Random random(seed);
  std::vector<float> out(count * dimension);
  for (float& x : out) x = 2 * random.uniform() - 1;
  return out;
}

/// Vectors that gather like embeddings do: `clusters` centres, and around each a cloud whose points
/// vary in a few shared directions much and in all others a little. Centres come from `shape`,
/// points from `seed`, so that a base and its queries can share one shape.
inline std::vector<float> clustered_vectors(std::size_t count, std::size_t dimension,
                                            std::size_t clusters, std::uint64_t shape,
                                            std::uint64_t seed) {
  constexpr std::size_t kDirections = 12;
  const std::vector<float> centres = random_vectors(clusters, dimension, shape);
  const std::vector<float> directions = random_vectors(kDirections, dimension, shape + 1);
  Random random(seed);
  std::vector<float> out(count * dimension);
  for (std::size_t v = 0; v < count; ++v) {
    const std::span<float> row = std::span(out).subspan(v * dimension, dimension);
    const std::size_t centre = random.below(clusters);
    for (std::size_t i = 0; i < dimension; ++i) {
      row[i] = centres[centre * dimension + i] + 0.4f * (2 * random.uniform() - 1);
    }
    for (std::size_t d = 0; d < kDirections; ++d) {
      const float along = 0.8f * (2 * random.uniform() - 1);
      for (std::size_t i = 0; i < dimension; ++i) row[i] += along * directions[d * dimension + i];
    }
  }
  return out;
}

/// Row `i` of row-major vectors.
inline std::span<const float> row_of(std::span<const float> vectors, std::size_t i,
                                     std::size_t dimension) {
  return vectors.subspan(i * dimension, dimension);
}

}  // namespace corsac::test

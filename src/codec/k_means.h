// Which few points stand best for many? Lloyd's iterations from seeded k-means++ starts (Arthur &
// Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007). The same points and
// seed give the same centroids on every platform, however the work is sliced.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/budget.h"
#include "base/random.h"
#include "math/kernels.h"

namespace corsac::codec {

class KMeans {
 public:
  struct Settings {
    std::size_t dimension;
    std::size_t iterations;
    std::uint64_t seed;
  };

  /// Finds `centroids` [k x dimension], which stay where they are until it is done, for `points`
  /// [n x dimension]. Requires: n >= 1.
  KMeans(const Settings& settings, const math::Kernels& kernels, std::vector<float> points,
         std::span<float> centroids);

  /// Continues. True when the centroids are found.
  bool step(Budget& budget);

 private:
  void choose_start();
  void assign_next();
  void move();
  void take(std::size_t point, std::size_t c);

  Settings settings_;
  const math::Kernels* kernels_;
  std::vector<float> points_;
  std::span<float> centroids_;
  std::size_t n_, k_;
  Random random_;
  std::size_t chosen_ = 0, iteration_ = 0;
  std::size_t next_ = 0;  // the next point to assign
  bool changed_ = false;  // by this iteration
  std::vector<std::uint32_t> picks_;
  std::vector<float> distances_, nearest_;
  std::vector<std::size_t> owner_;
};

/// The nearest of `count` centroids, the first of equals. `distances` is [count] of room.
std::size_t nearest_centroid(const math::Kernels& kernels, const float* point,
                             const float* centroids, std::size_t dimension,
                             std::span<const std::uint32_t> picks,
                             std::span<float> distances) noexcept;

}  // namespace corsac::codec

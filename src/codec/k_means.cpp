#include "codec/k_means.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/random.h"

namespace corsac::codec {
namespace {

/// One run, with the room it works in.
class Run {
 public:
  Run(const KMeans& settings, std::span<const float> points, std::span<float> centroids)
      : settings_(settings),
        points_(points),
        centroids_(centroids),
        n_(points.size() / settings.dimension),
        k_(centroids.size() / settings.dimension),
        picks_(std::max(n_, k_)),
        distances_(std::max(n_, k_)),
        nearest_(n_),
        owner_(n_, k_) {
    std::iota(picks_.begin(), picks_.end(), 0u);
  }

  /// Each next start is a point drawn with a chance that grows with its squared distance to the
  /// nearest start.
  void choose_starts() {
    Random random(settings_.seed);
    take(static_cast<std::size_t>(random.below(n_)), 0);
    std::fill(nearest_.begin(), nearest_.end(), 3e38f);
    for (std::size_t c = 1; c < k_; ++c) {
      settings_.kernels.l2_f32(centroid(c - 1), points_.data(), settings_.dimension, picks_.data(),
                               n_, distances_.data());
      double sum = 0;
      for (std::size_t i = 0; i < n_; ++i) {
        nearest_[i] = std::min(nearest_[i], distances_[i]);
        sum += double{nearest_[i]};
      }
      double draw = static_cast<double>(random.next() >> 11) * 0x1p-53 * sum;
      std::size_t point = 0;
      while (point + 1 < n_ && draw >= double{nearest_[point]}) draw -= double{nearest_[point++]};
      take(point, c);
    }
  }

  /// Gives each point to its nearest centroid. False when nothing changed.
  bool assign() {
    bool changed = false;
    for (std::size_t i = 0; i < n_; ++i) {
      const std::size_t best = nearest_centroid(
          settings_.kernels, points_.data() + i * settings_.dimension, centroids_.data(),
          settings_.dimension, std::span(picks_).first(k_), distances_);
      nearest_[i] = distances_[best];
      changed = changed || owner_[i] != best;
      owner_[i] = best;
    }
    return changed;
  }

  /// Moves each centroid to the mean of its points; one without any to the point that lies worst.
  void move() {
    const std::size_t dimension = settings_.dimension;
    std::vector<double> sums(k_ * dimension);
    std::vector<std::size_t> counts(k_);
    for (std::size_t i = 0; i < n_; ++i) {
      ++counts[owner_[i]];
      for (std::size_t j = 0; j < dimension; ++j)
        sums[owner_[i] * dimension + j] += double{points_[i * dimension + j]};
    }
    for (std::size_t c = 0; c < k_; ++c) {
      if (counts[c] == 0) {
        const auto worst = std::max_element(nearest_.begin(), nearest_.end());
        take(static_cast<std::size_t>(worst - nearest_.begin()), c);
        *worst = 0;
        continue;
      }
      for (std::size_t j = 0; j < dimension; ++j)
        centroids_[c * dimension + j] =
            static_cast<float>(sums[c * dimension + j] / static_cast<double>(counts[c]));
    }
  }

 private:
  const float* centroid(std::size_t c) const noexcept {
    return centroids_.data() + c * settings_.dimension;
  }
  void take(std::size_t point, std::size_t c) {
    std::copy_n(points_.begin() + static_cast<std::ptrdiff_t>(point * settings_.dimension),
                settings_.dimension,
                centroids_.begin() + static_cast<std::ptrdiff_t>(c * settings_.dimension));
  }

  const KMeans& settings_;
  std::span<const float> points_;
  std::span<float> centroids_;
  std::size_t n_, k_;
  std::vector<std::uint32_t> picks_;
  std::vector<float> distances_, nearest_;
  std::vector<std::size_t> owner_;
};

}  // namespace

std::size_t nearest_centroid(const math::Kernels& kernels, const float* point,
                             const float* centroids, std::size_t dimension,
                             std::span<const std::uint32_t> picks,
                             std::span<float> distances) noexcept {
  kernels.l2_f32(point, centroids, dimension, picks.data(), picks.size(), distances.data());
  const auto best = std::min_element(distances.begin(),
                                     distances.begin() + static_cast<std::ptrdiff_t>(picks.size()));
  return static_cast<std::size_t>(best - distances.begin());
}

void KMeans::run(std::span<const float> points, std::span<float> centroids) const {
  Run run(*this, points, centroids);
  run.choose_starts();
  for (std::size_t i = 0; i < iterations && run.assign(); ++i) run.move();
}

}  // namespace corsac::codec

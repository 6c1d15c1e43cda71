#include "codec/k_means.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace corsac::codec {

KMeans::KMeans(const Settings& settings, const math::Kernels& kernels, std::vector<float> points,
               std::span<float> centroids)
    : settings_(settings),
      kernels_(&kernels),
      points_(std::move(points)),
      centroids_(centroids),
      n_(points_.size() / settings.dimension),
      k_(centroids.size() / settings.dimension),
      random_(settings.seed),
      picks_(std::max(n_, k_)),
      distances_(picks_.size()),
      nearest_(n_, 3e38f),
      owner_(n_, k_) {
  std::iota(picks_.begin(), picks_.end(), 0u);
}

bool KMeans::step(Budget& budget) {
  while (!budget.spent()) {
    if (chosen_ < k_) {
      choose_start();
      budget.spend(n_);
    } else if (iteration_ == settings_.iterations) {
      return true;
    } else if (next_ < n_) {
      assign_next();
      budget.spend(k_);
    } else {
      if (!changed_) return true;
      move();
      budget.spend(n_);
    }
  }
  return false;
}

// The first start is any point, each next one drawn with a chance that grows with its squared
// distance to the nearest start.
void KMeans::choose_start() {
  if (chosen_ == 0) return take(static_cast<std::size_t>(random_.below(n_)), chosen_++);
  kernels_->l2_f32(centroids_.data() + (chosen_ - 1) * settings_.dimension, points_.data(),
                   settings_.dimension, picks_.data(), n_, distances_.data());
  double sum = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    nearest_[i] = std::min(nearest_[i], distances_[i]);
    sum += double{nearest_[i]};
  }
  double draw = static_cast<double>(random_.next() >> 11) * 0x1p-53 * sum;
  std::size_t point = 0;
  while (point + 1 < n_ && draw >= double{nearest_[point]}) draw -= double{nearest_[point++]};
  take(point, chosen_++);
}

// Gives a point to its nearest centroid.
void KMeans::assign_next() {
  const std::size_t best =
      nearest_centroid(*kernels_, points_.data() + next_ * settings_.dimension, centroids_.data(),
                       settings_.dimension, std::span(picks_).first(k_), distances_);
  nearest_[next_] = distances_[best];
  changed_ = changed_ || owner_[next_] != best;
  owner_[next_++] = best;
}

// Moves each centroid to the mean of its points; one without any to the point that lies worst.
void KMeans::move() {
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
  ++iteration_;
  next_ = 0;
  changed_ = false;
}

void KMeans::take(std::size_t point, std::size_t c) {
  std::copy_n(points_.begin() + static_cast<std::ptrdiff_t>(point * settings_.dimension),
              settings_.dimension,
              centroids_.begin() + static_cast<std::ptrdiff_t>(c * settings_.dimension));
}

std::size_t nearest_centroid(const math::Kernels& kernels, const float* point,
                             const float* centroids, std::size_t dimension,
                             std::span<const std::uint32_t> picks,
                             std::span<float> distances) noexcept {
  kernels.l2_f32(point, centroids, dimension, picks.data(), picks.size(), distances.data());
  const auto best = std::min_element(distances.begin(),
                                     distances.begin() + static_cast<std::ptrdiff_t>(picks.size()));
  return static_cast<std::size_t>(best - distances.begin());
}

}  // namespace corsac::codec

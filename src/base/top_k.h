// Keeps the k best hits of a stream in O(log k) per hit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/types.h"

namespace corsac {

/// Strict ranking of hits: higher score first, then lower ordinal, so that equal scores rank the
/// same way natively, in wasm and on every run. Scores are never NaN.
inline bool ranks_before(const Hit& a, const Hit& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.ordinal < b.ordinal;
}

class TopK {
 public:
  explicit TopK(std::size_t k) : k_(k) { heap_.reserve(std::min<std::size_t>(k, kMaxK)); }

  void push(Hit hit) {
    if (heap_.size() < k_) {
      heap_.push_back(hit);
      std::push_heap(heap_.begin(), heap_.end(), ranks_before);
    } else if (k_ > 0 && ranks_before(hit, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), ranks_before);
      heap_.back() = hit;
      std::push_heap(heap_.begin(), heap_.end(), ranks_before);
    }
  }

  bool full() const noexcept { return heap_.size() == k_; }
  /// The worst kept hit. Requires: at least one hit was kept.
  const Hit& worst() const noexcept { return heap_.front(); }

  /// The hits, best first. Leaves this object empty.
  [[nodiscard]] std::vector<Hit> take() {
    std::sort_heap(heap_.begin(), heap_.end(), ranks_before);
    return std::exchange(heap_, {});
  }

 private:
  std::size_t k_;
  std::vector<Hit> heap_;  // The worst kept hit is at the front.
};

}  // namespace corsac

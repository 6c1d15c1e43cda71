// The k best of many scored slots, ranked by score and then by ordinal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/types.h"
#include "index/vector_index.h"

namespace corsac::index {

class BestHits {
 public:
  /// `ordinals` as in VectorQuery.
  BestHits(std::size_t k, std::span<const Ordinal> ordinals) : k_(k), ordinals_(ordinals) {
    heap_.reserve(std::min<std::size_t>(k, kMaxK));
  }

  /// Requires: the score is no NaN.
  void push(Slot slot, float score) {
    if (heap_.size() == k_ && (k_ == 0 || score < heap_.front().score)) return;
    const Entry entry{score, ordinals_.empty() ? slot : ordinals_[slot], slot};
    if (heap_.size() < k_) {
      heap_.push_back(entry);
      std::push_heap(heap_.begin(), heap_.end(), before);
    } else if (before(entry, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), before);
      heap_.back() = entry;
      std::push_heap(heap_.begin(), heap_.end(), before);
    }
  }

  std::size_t size() const noexcept { return heap_.size(); }
  bool full() const noexcept { return heap_.size() == k_; }
  /// The lowest score kept. Requires: size() > 0.
  float worst() const noexcept { return heap_.front().score; }

  /// Moves the hits, best first, into `result`. Leaves this object empty.
  void take(VectorResult& result) {
    std::sort_heap(heap_.begin(), heap_.end(), before);
    result.hits.clear();
    result.slots.clear();
    result.hits.reserve(heap_.size());
    result.slots.reserve(heap_.size());
    for (const Entry& entry : heap_) {
      result.hits.push_back({entry.ordinal, entry.score});
      result.slots.push_back(entry.slot);
    }
    heap_.clear();
  }

 private:
  struct Entry {
    float score;
    Ordinal ordinal;
    Slot slot;
  };
  static bool before(const Entry& a, const Entry& b) noexcept {
    if (a.score != b.score) return a.score > b.score;
    return a.ordinal != b.ordinal ? a.ordinal < b.ordinal : a.slot < b.slot;
  }

  std::size_t k_;
  std::span<const Ordinal> ordinals_;
  std::vector<Entry> heap_;  // The worst kept hit is at the front.
};

}  // namespace corsac::index

// Which nodes a walk has seen: one byte each, compared with the number of the walk, so that a new
// walk clears nothing (but every 255th).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/types.h"

namespace corsac::index {

class Visited {
 public:
  void begin(std::size_t size) {
    if (epochs_.size() < size) epochs_.resize(size + size / 2);
    if (++epoch_ == 0) {
      std::fill(epochs_.begin(), epochs_.end(), std::uint8_t{0});
      epoch_ = 1;
    }
  }
  /// Whether it was seen before; now it is.
  bool test_and_set(Slot slot) noexcept {
    const bool seen = epochs_[slot] == epoch_;
    epochs_[slot] = epoch_;
    return seen;
  }

 private:
  std::vector<std::uint8_t> epochs_;
  std::uint8_t epoch_ = 0;
};

}  // namespace corsac::index

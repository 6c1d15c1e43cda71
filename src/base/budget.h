// How much work a slice may do. The host has the clock; the core counts.
#pragma once

#include <cstdint>
#include <limits>

namespace corsac {

/// Units are distance computations, or work of about the same cost. A step runs until the budget is
/// spent and may overshoot by one indivisible piece; it always makes progress.
struct Budget {
  std::uint64_t left = std::numeric_limits<std::uint64_t>::max();

  bool spent() const noexcept { return left == 0; }
  void spend(std::uint64_t units) noexcept { left -= units < left ? units : left; }
};

}  // namespace corsac

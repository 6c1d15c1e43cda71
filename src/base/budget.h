// How much work a slice may do, and who does it. The host has the clock and the threads; the core
// counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/executor.h"

namespace corsac {

/// Units are distance computations, or work of about the same cost. A step runs until the budget is
/// spent and may overshoot by one indivisible piece per worker; it always makes progress.
struct Budget {
  std::uint64_t left = std::numeric_limits<std::uint64_t>::max();
  Executor* executor = nullptr;  ///< null: the caller alone

  bool spent() const noexcept { return left == 0; }
  void spend(std::uint64_t units) noexcept { left -= units < left ? units : left; }

  std::size_t workers() const noexcept { return executor == nullptr ? 1 : executor->workers(); }
  /// Executor::parallel_for on whoever does the work.
  template <class Body>
  void parallel_for(std::size_t count, Body&& body) const {
    SerialExecutor alone;
    if (executor != nullptr) return executor->parallel_for(count, body);
    alone.parallel_for(count, body);
  }
};

}  // namespace corsac

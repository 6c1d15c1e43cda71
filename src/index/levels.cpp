#include "index/levels.h"

#include <limits>

#include "base/random.h"

namespace corsac::index {

Levels::Levels(std::uint32_t m, std::uint64_t seed) noexcept : seed_(seed) {
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  for (std::uint64_t& entry : limits_) entry = limit /= m;
}

unsigned Levels::of(Slot slot) const noexcept {
  // The slot's own stream: seeds one apart give unrelated first numbers (SplitMix64).
  const std::uint64_t draw = Random(seed_ + 0x9E3779B97F4A7C15u * slot).next();
  unsigned level = 0;
  while (level < kMax && draw < limits_[level]) ++level;
  return level;
}

}  // namespace corsac::index

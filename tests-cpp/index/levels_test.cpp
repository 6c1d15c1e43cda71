#include "index/levels.h"

#include <gtest/gtest.h>

#include <array>

namespace corsac::index {
namespace {

TEST(Levels, ThinOutByTheFactorM) {
  constexpr Slot kSlots = 1 << 18;
  for (const std::uint32_t m : {4u, 16u, 64u}) {
    const Levels levels(m, 1);
    std::array<double, Levels::kMax + 1> at_least{};
    for (Slot slot = 0; slot < kSlots; ++slot) {
      for (unsigned level = 0; level <= levels.of(slot); ++level) ++at_least[level];
    }
    EXPECT_NEAR(at_least[1] * m / kSlots, 1, 0.05) << m;
    EXPECT_NEAR(at_least[2] * m * m / kSlots, 1, 0.3) << m;
  }
}

TEST(Levels, ComeFromTheSeedAndTheSlotAlone) {
  const Levels one(16, 7), same(16, 7), other(16, 8);
  std::size_t differing = 0;
  for (Slot slot = 0; slot < 5000; ++slot) {
    EXPECT_EQ(one.of(slot), same.of(slot));
    differing += one.of(slot) != other.of(slot);
  }
  EXPECT_GT(differing, 100u);
}

}  // namespace
}  // namespace corsac::index

#include "math/half.h"

#include <gtest/gtest.h>

#include <cmath>

namespace corsac::math {
namespace {

double value_of(unsigned half) {
  const int exponent = static_cast<int>(half >> 10 & 31), fraction = static_cast<int>(half & 1023);
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return half >> 15 != 0 ? -magnitude : magnitude;
}

TEST(Half, WidensEveryFiniteValueExactlyAndBack) {
  for (unsigned half = 0; half < 1 << 16; ++half) {
    const auto stored = static_cast<std::uint16_t>(half);
    if (!is_finite_half(stored)) continue;
    ASSERT_EQ(from_half(stored), static_cast<float>(value_of(half))) << half;
    ASSERT_EQ(to_half(from_half(stored)), stored) << half;
  }
}

TEST(Half, RoundsToTheNearestAndTiesToEven) {
  for (unsigned half = 0; half < 0x7BFF; ++half) {
    const double low = value_of(half), high = value_of(half + 1), middle = (low + high) / 2;
    const auto even = static_cast<std::uint16_t>(half % 2 == 0 ? half : half + 1);
    const auto tie = static_cast<float>(middle);
    ASSERT_EQ(to_half(tie), even) << half;
    ASSERT_EQ(to_half(std::nextafter(tie, 1e6f)), half + 1) << half;
    ASSERT_EQ(to_half(std::nextafter(tie, -1.0f)), half) << half;
    ASSERT_EQ(to_half(-tie), even | 0x8000) << half;
  }
}

TEST(Half, StopsAtTheLargestFiniteValue) {
  EXPECT_EQ(to_half(65519.99f), 0x7BFF);
  EXPECT_EQ(to_half(65520.0f), 0x7BFF);
  EXPECT_EQ(to_half(-3e38f), 0xFBFF);
  EXPECT_EQ(to_half(1e-30f), 0);
  EXPECT_FALSE(is_finite_half(0x7C00));
  EXPECT_FALSE(is_finite_half(0xFC01));
}

}  // namespace
}  // namespace corsac::math

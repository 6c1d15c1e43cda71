#include "base/natural.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace corsac {
namespace {

TEST(Natural, AgreesWith64BitArithmetic) {
  Random random(1);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t a = random.next() >> (2 + random.below(60));
    const std::uint64_t b = random.next() >> (2 + random.below(60));
    Natural sum(a);
    sum.add(Natural(b));
    EXPECT_EQ(sum, Natural(a + b));
    sum.subtract(Natural(b));
    EXPECT_EQ(sum, Natural(a));
    EXPECT_EQ(Natural(a) <=> Natural(b), a <=> b);
    EXPECT_EQ(Natural(a).bit_length(), static_cast<std::size_t>(std::bit_width(a)));
  }
}

TEST(Natural, ShiftsAndMultipliesBeyond64Bits) {
  Natural power(1);
  power.multiply_power_of_ten(100);
  EXPECT_EQ(power.bit_length(), 333u);  // 100 log2 10 = 332.19
  Natural shifted(1);
  shifted.shift_left(1'000);
  EXPECT_EQ(shifted.bit_length(), 1'001u);
  Natural doubled(1);
  for (int i = 0; i < 1'000; ++i) doubled.multiply_add(2);
  EXPECT_EQ(shifted, doubled);
  EXPECT_LT(power, shifted);
  shifted.subtract(power);
  shifted.add(power);
  EXPECT_EQ(shifted, doubled);
}

TEST(Natural, ZeroHasNoBits) {
  Natural zero;
  EXPECT_TRUE(zero.is_zero());
  zero.shift_left(100);
  EXPECT_TRUE(zero.is_zero());
  Natural one(1);
  one.subtract(Natural(1));
  EXPECT_EQ(one, zero);
}

}  // namespace
}  // namespace corsac

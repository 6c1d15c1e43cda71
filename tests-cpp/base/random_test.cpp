#include "base/random.h"

#include <gtest/gtest.h>

namespace corsac {
namespace {

TEST(Random, IsSplitMix64) {
  // The published test vector for seed 1234567.
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
  EXPECT_EQ(random.next(), 9817491932198370423u);
}

TEST(Random, UniformStaysBelowOneAndCoversTheRange) {
  Random random(1);
  double sum = 0;
  float least = 1;
  float most = 0;
  for (int i = 0; i < 100'000; ++i) {
    const float x = random.uniform();
    ASSERT_GE(x, 0.0f);
    ASSERT_LT(x, 1.0f);
    least = std::min(least, x);
    most = std::max(most, x);
    sum += static_cast<double>(x);
  }
  EXPECT_NEAR(sum / 100'000, 0.5, 0.005);
  EXPECT_LT(least, 0.001f);
  EXPECT_GT(most, 0.999f);
}

TEST(Random, BelowReachesEveryNumberAndNoOther) {
  Random random(2);
  std::size_t seen[7] = {};
  for (int i = 0; i < 7'000; ++i) ++seen[random.below(7)];
  for (const std::size_t count : seen) EXPECT_NEAR(static_cast<double>(count), 1'000, 150);
}

}  // namespace
}  // namespace corsac

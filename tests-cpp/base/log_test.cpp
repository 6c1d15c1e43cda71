#include "base/log.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/random.h"

namespace corsac {
namespace {

double any_positive(Random& random) {
  while (true) {
    const auto x = std::bit_cast<double>(random.next() >> 1);
    if (std::isfinite(x) && x > 0) return x;
  }
}

double near_one(Random& random) {
  return 0.5 + static_cast<double>(random.next() >> 11) * 0x1p-53 * 1.5;
}

TEST(NaturalLog, StaysWithinTwoUnitsInTheLastPlaceOfTheLibrary) {
  Random random(1);
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = i % 2 == 0 ? any_positive(random) : near_one(random);
    const double expected = std::log(x);  // itself within one unit
    const double unit =
        std::nextafter(std::abs(expected), std::numeric_limits<double>::infinity()) -
        std::abs(expected);
    worst = std::max(worst, std::abs(natural_log(x) - expected) / unit);
  }
  EXPECT_LE(worst, 2.0);
}

TEST(NaturalLog, IsExactWhereItCanBe) {
  EXPECT_EQ(natural_log(1.0), 0.0);
  EXPECT_EQ(natural_log(2.0), 0x1.62E42FEFA39EFp-1);
  EXPECT_EQ(natural_log(0.5), -0x1.62E42FEFA39EFp-1);
  EXPECT_EQ(natural_log(0x1p-1074), -744.4400719213812);
  EXPECT_EQ(natural_log(std::numeric_limits<double>::max()), 709.782712893384);
}

TEST(NaturalLog, RisesWithItsArgument) {
  for (double x = 1e-3; x < 1e6; x *= 1.01) EXPECT_LT(natural_log(x), natural_log(x * 1.01));
}

// The bits of many results as one number: natively, under every sanitizer and in wasm.
TEST(NaturalLog, HasTheSameBitsOnEveryPlatform) {
  Random random(42);
  std::uint64_t all = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double x = i % 2 == 0 ? any_positive(random) : near_one(random);
    all = std::rotl(all, 7) ^ std::bit_cast<std::uint64_t>(natural_log(x));
  }
  EXPECT_EQ(all, 9878492193527369732u);
}

}  // namespace
}  // namespace corsac

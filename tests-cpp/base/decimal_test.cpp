#include "base/decimal.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/random.h"

namespace corsac {
namespace {

std::string written(double value) {
  std::string out;
  append_decimal(out, value);
  return out;
}

double any_finite(Random& random) {
  while (true) {
    const auto x = std::bit_cast<double>(random.next());
    if (std::isfinite(x)) return x;
  }
}

TEST(Decimal, WritesAsJavaScriptDoes) {
  const std::pair<double, const char*> rows[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {100, "100"},
      {123456789, "123456789"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {123456789012345680000.0, "123456789012345680000"},
      {1.5e21, "1.5e+21"},
      {1e-6, "0.000001"},
      {1e-7, "1e-7"},
      {1.234e-7, "1.234e-7"},
      {0.000001234, "0.000001234"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {9007199254740993.0, "9007199254740992"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1.0 / 3, "0.3333333333333333"},
      {4.35, "4.35"},
      {1e23, "1e+23"},
      {0x1p-25, "2.9802322387695312e-8"},
      {0x1p-44, "5.684341886080802e-14"}};
  for (const auto& [value, text] : rows) EXPECT_EQ(written(value), text);
}

TEST(Decimal, WhatIsWrittenReadsBackTheSame) {
  Random random(1);
  for (int i = 0; i < 30'000; ++i) {
    double value = any_finite(random);
    if (i % 4 == 0) value = std::ldexp(1.0, static_cast<int>(random.below(2098)) - 1074);
    if (i % 4 == 1) value = static_cast<double>(random.below(10'000'000)) / 1000;
    const std::string text = written(value);
    ASSERT_EQ(read_decimal(text), value) << text;
    ASSERT_LE(text.size(), 25u);
  }
}

TEST(Decimal, NothingShorterReadsBackTheSame) {
  Random random(2);
  for (int i = 0; i < 3'000; ++i) {
    const double value = std::abs(any_finite(random));
    const std::string text = written(value);
    const std::size_t exponent = text.find('e');
    if (exponent == std::string::npos || exponent < 4) continue;
    const std::string shorter = text.substr(0, exponent - 1);
    for (const char digit : {'0', '5', '9'}) {
      ASSERT_NE(read_decimal(shorter.substr(0, shorter.size() - 1) + digit + text.substr(exponent)),
                value)
          << text;
    }
  }
}

// Numbers that other readers once got wrong: halfway cases, many digits, the edges of the range.
TEST(Decimal, ReadsTheNearestDouble) {
  EXPECT_EQ(read_decimal("9007199254740993"), 9007199254740992.0) << "a tie goes to the even";
  EXPECT_EQ(read_decimal("9007199254740993.0000000000000000000000000000001"), 9007199254740994.0);
  EXPECT_EQ(read_decimal("9007199254740995"), 9007199254740996.0);
  EXPECT_EQ(read_decimal("2.2250738585072012e-308"), 0x1p-1022);
  EXPECT_EQ(read_decimal("2.2250738585072011e-308"), 0x0.fffffffffffffp-1022);
  EXPECT_EQ(read_decimal("4.9406564584124654e-324"), 0x1p-1074);
  EXPECT_EQ(read_decimal("2.4703282292062327208e-324"), 0.0);
  EXPECT_EQ(read_decimal("2.4703282292062327209e-324"), 0x1p-1074);
  EXPECT_EQ(read_decimal("1.7976931348623158e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(read_decimal("1.7976931348623159e308"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(read_decimal("-1e400"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(read_decimal("1e-400"), 0.0);
  EXPECT_EQ(read_decimal("0e999999999999999999999"), 0.0);
  EXPECT_EQ(read_decimal("1e-99999999999999999999"), 0.0);
  EXPECT_EQ(read_decimal("1E+2"), 100.0);
  EXPECT_EQ(read_decimal("0.5e1"), 5.0);
  EXPECT_TRUE(std::signbit(read_decimal("-0")));
}

TEST(Decimal, ReadsAnyNumberOfDigits) {
  const std::string zeros(2'000, '0');
  EXPECT_EQ(read_decimal("1" + zeros + "e-2000"), 1.0);
  EXPECT_EQ(read_decimal("0." + zeros + "1e2001"), 1.0);
  // One plus half a unit in its last place, and the same with a digit far behind it.
  const std::string half = "1.00000000000000011102230246251565404236316680908203125";
  EXPECT_EQ(read_decimal(half), 1.0);
  EXPECT_EQ(read_decimal(half + zeros + "1"), 0x1.0000000000001p0);
  EXPECT_EQ(read_decimal(half + zeros), 1.0);
}

}  // namespace
}  // namespace corsac

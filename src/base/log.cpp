// x = 2^k m with m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f / (2 + f). Then ln m = 2 atanh(s)
// = 2 s + s R with R = 2 (s^2/3 + s^4/5 + ...), and because 2 s = f - s f, ln m = f - s (f - R): f
// is exact, so the rounding of s only touches a small correction. Twelve terms leave less than
// 2^-60.
#include "base/log.h"

#include <bit>
#include <cassert>
#include <cstdint>

namespace corsac {
namespace {

// ln 2 = kLn2High + kLn2Low; the high part has 21 trailing zero bits, so k * kLn2High is exact.
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kSqrt2 = 0x1.6a09e667f3bcdp+0;

struct Scaled {
  double mantissa;  // [1, 2)
  int exponent;
};

Scaled scaled(double x) noexcept {
  constexpr double kTwoTo54 = 0x1p54;
  const bool subnormal = x < 0x1p-1022;
  const auto bits = std::bit_cast<std::uint64_t>(subnormal ? x * kTwoTo54 : x);
  const int biased = static_cast<int>(bits >> 52);
  const auto mantissa = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u);
  return {mantissa, biased - 1023 - (subnormal ? 54 : 0)};
}

}  // namespace

double natural_log(double x) noexcept {
  assert(x > 0 && x <= 0x1.fffffffffffffp+1023);
  auto [m, k] = scaled(x);
  if (m >= kSqrt2) {
    m *= 0.5;
    ++k;
  }
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  double series = 2.0 / 25.0;
  for (int odd = 23; odd >= 3; odd -= 2) series = series * z + 2.0 / odd;
  const double correction = s * (f - series * z);
  const double power = static_cast<double>(k);
  return power * kLn2High + (f - (correction - power * kLn2Low));
}

}  // namespace corsac

// Reading: W. D. Clinger, "How to read floating point numbers accurately" (PLDI 1990): the fast
// case by one exact multiplication or division, the others by long division of big naturals.
// Writing: G. L. Steele and J. L. White, "How to print floating-point numbers accurately" (PLDI
// 1990), free format.
#include "base/decimal.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/natural.h"

namespace corsac {
namespace {

// More digits than any midpoint between two doubles has (767); what follows only breaks ties.
constexpr std::size_t kMaxDigits = 800;
constexpr int kMaxExactPower = 22;  // 10^22 is the last power of ten that is a double
constexpr double kExactPowers[kMaxExactPower + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// digits * 10^exponent
struct Scientific {
  bool negative = false;
  std::string digits;  // no leading zeros
  std::int64_t exponent = 0;
};

Scientific scientific_of(std::string_view text) {
  constexpr std::int64_t kFar = std::int64_t{1}
                                << 40;  // beyond any exponent that a text could offset
  Scientific out;
  std::size_t at = 0;
  if (at < text.size() && text[at] == '-') out.negative = true, ++at;
  bool fraction = false;
  bool dropped = false;
  for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    const char c = text[at];
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (fraction) --out.exponent;
    if (out.digits.empty() && c == '0') continue;
    if (out.digits.size() < kMaxDigits) {
      out.digits.push_back(c);
    } else {
      dropped |= c != '0';
      ++out.exponent;
    }
  }
  if (dropped) {
    out.digits.push_back('1');
    --out.exponent;
  }
  if (at == text.size()) return out;
  ++at;
  const bool minus = text[at] == '-';
  if (minus || text[at] == '+') ++at;
  std::int64_t power = 0;
  for (; at < text.size(); ++at) power = std::min(power * 10 + (text[at] - '0'), kFar);
  out.exponent += minus ? -power : power;
  return out;
}

// numerator / denominator, rounded to nearest, ties to even. Both are positive.
double rounded_quotient(Natural numerator, Natural denominator) {
  auto exponent =
      static_cast<int>(numerator.bit_length()) - static_cast<int>(denominator.bit_length());
  if (exponent > 0) denominator.shift_left(static_cast<std::size_t>(exponent));
  if (exponent < 0) numerator.shift_left(static_cast<std::size_t>(-exponent));
  if (numerator < denominator) {
    numerator.shift_left(1);
    --exponent;
  }
  // Now the quotient is in [1, 2) times 2^exponent; subnormal results have fewer bits.
  const int bits = exponent >= -1022 ? 53 : 53 - (-1022 - exponent);
  if (bits < 0) return 0.0;
  std::uint64_t mantissa = 0;
  for (int i = 0; i < bits; ++i) {
    mantissa <<= 1;
    if (numerator >= denominator) {
      numerator.subtract(denominator);
      mantissa |= 1;
    }
    numerator.shift_left(1);
  }
  const auto rest = numerator <=> denominator;
  if (rest > 0 || (rest == 0 && mantissa % 2 == 1)) ++mantissa;
  return std::ldexp(static_cast<double>(mantissa), exponent - bits + 1);
}

double exact_value(const Scientific& number) {
  const std::int64_t magnitude = static_cast<std::int64_t>(number.digits.size()) + number.exponent;
  if (magnitude > 310) return std::numeric_limits<double>::infinity();
  if (magnitude < -330) return 0.0;
  Natural numerator;
  for (const char digit : number.digits)
    numerator.multiply_add(10, static_cast<std::uint32_t>(digit - '0'));
  Natural denominator(1);
  if (number.exponent >= 0) {
    numerator.multiply_power_of_ten(static_cast<std::size_t>(number.exponent));
  } else {
    denominator.multiply_power_of_ten(static_cast<std::size_t>(-number.exponent));
  }
  return rounded_quotient(std::move(numerator), std::move(denominator));
}

double magnitude_of(const Scientific& number) {
  if (number.digits.empty()) return 0.0;
  if (number.digits.size() <= 15 && std::abs(number.exponent) <= kMaxExactPower) {
    std::uint64_t integer = 0;
    for (const char digit : number.digits)
      integer = integer * 10 + static_cast<std::uint64_t>(digit - '0');
    const double power = kExactPowers[std::abs(number.exponent)];
    const auto value = static_cast<double>(integer);
    return number.exponent < 0 ? value / power : value * power;
  }
  return exact_value(number);
}

// The fraction value / scale and half the distance to each neighbour, all over the same scale.
struct Interval {
  Natural value;
  Natural scale;
  Natural below;
  Natural above;
  bool closed = false;  // a bound itself reads back as the value (even mantissa)

  bool reaches_one() const {
    Natural sum = value;
    sum.add(above);
    return closed ? sum >= scale : sum > scale;
  }
  bool near_zero() const { return closed ? value <= below : value < below; }
};

Interval interval_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int biased = static_cast<int>(bits >> 52 & 0x7FF);
  const std::uint64_t fraction = bits & 0x000FFFFFFFFFFFFFu;
  const std::uint64_t mantissa = biased == 0 ? fraction : fraction | std::uint64_t{1} << 52;
  const int exponent = (biased == 0 ? 1 : biased) - 1075;
  // At a power of two the neighbour below is half as far.
  const std::size_t uneven = fraction == 0 && biased > 1 ? 1 : 0;

  Interval out{
      .value = Natural(mantissa), .scale = Natural(1), .below = Natural(1), .above = Natural(1)};
  out.closed = mantissa % 2 == 0;
  const auto up = static_cast<std::size_t>(std::max(exponent, 0));
  out.value.shift_left(up + 1 + uneven);
  out.scale.shift_left(static_cast<std::size_t>(std::max(-exponent, 0)) + 1 + uneven);
  out.below.shift_left(up);
  out.above.shift_left(up + uneven);
  return out;
}

struct Digits {
  std::string text;
  int point = 0;  // value = 0.text * 10^point
};

Digits shortest_digits(double value) {
  Interval interval = interval_of(value);
  Digits out;
  // Never above the true one, and at most two below: log10(2) is 78913 / 2^18.
  out.point = (std::ilogb(value) * 78913 >> 18) - 1;
  if (out.point > 0) {
    interval.scale.multiply_power_of_ten(static_cast<std::size_t>(out.point));
  } else {
    for (Natural* part : {&interval.value, &interval.below, &interval.above}) {
      part->multiply_power_of_ten(static_cast<std::size_t>(-out.point));
    }
  }
  for (; interval.reaches_one(); ++out.point) interval.scale.multiply_add(10);

  while (true) {
    interval.value.multiply_add(10);
    interval.below.multiply_add(10);
    interval.above.multiply_add(10);
    char digit = '0';
    for (; interval.value >= interval.scale; ++digit) interval.value.subtract(interval.scale);
    const bool low = interval.near_zero();
    const bool high = interval.reaches_one();
    if (!low && !high) {
      out.text.push_back(digit);
      continue;
    }
    Natural twice = interval.value;
    twice.shift_left(1);
    const auto half = twice <=> interval.scale;
    const bool round_up = high && (!low || half > 0 || (half == 0 && (digit - '0') % 2 == 1));
    out.text.push_back(round_up ? static_cast<char>(digit + 1) : digit);
    return out;
  }
}

}  // namespace

double read_decimal(std::string_view text) {
  const Scientific number = scientific_of(text);
  const double magnitude = magnitude_of(number);
  return number.negative ? -magnitude : magnitude;
}

void append_decimal(std::string& out, double value) {
  assert(std::isfinite(value));
  if (value == 0) {
    out.push_back('0');
    return;
  }
  if (value < 0) out.push_back('-');
  const Digits digits = shortest_digits(std::abs(value));
  const auto count = static_cast<int>(digits.text.size());
  const int point = digits.point;
  if (count <= point && point <= 21) {
    out.append(digits.text).append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(digits.text).insert(out.size() - static_cast<std::size_t>(count - point), 1, '.');
  } else if (-6 < point && point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits.text);
  } else {
    out.push_back(digits.text[0]);
    if (count > 1) out.append(1, '.').append(digits.text, 1);
    out.append(point > 0 ? "e+" : "e-").append(std::to_string(std::abs(point - 1)));
  }
}

}  // namespace corsac

#include "math/normalise.h"

#include <cassert>
#include <cmath>
#include <cstddef>

namespace corsac::math {

double norm(std::span<const float> vector) noexcept {
  double even = 0, odd = 0;
  std::size_t i = 0;
  for (; i + 2 <= vector.size(); i += 2) {
    even += double{vector[i]} * double{vector[i]};
    odd += double{vector[i + 1]} * double{vector[i + 1]};
  }
  if (i < vector.size()) even += double{vector[i]} * double{vector[i]};
  return std::sqrt(even + odd);  // IEEE 754 rounds a square root correctly on every platform.
}

double normalise(std::span<const float> vector, std::span<float> out) noexcept {
  assert(out.size() == vector.size());
  const double length = norm(vector);
  const double scale = length > 0 ? 1.0 / length : 0.0;
  for (std::size_t i = 0; i < vector.size(); ++i)
    out[i] = static_cast<float>(double{vector[i]} * scale);
  return length;
}

}  // namespace corsac::math

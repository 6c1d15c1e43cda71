// The length of a vector, and the vector made unit length.
#pragma once

#include <span>

namespace corsac::math {

/// sqrt(sum(x^2)) in double arithmetic, element by element, so that no finite vector overflows.
[[nodiscard]] double norm(std::span<const float> vector) noexcept;

/// Scales `vector` to length 1 into `out`; a zero vector stays zero. Gives the length it had.
/// Requires: out.size() == vector.size(); every element finite. `out` may be `vector`.
double normalise(std::span<const float> vector, std::span<float> out) noexcept;

}  // namespace corsac::math

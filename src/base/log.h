// The natural logarithm, the same bits on every platform: libm's differs in the last place.
#pragma once

namespace corsac {

/// ln(x) in double arithmetic in one fixed order, wrong by at most 2 ulp for normal x.
/// Requires: x is finite and positive.
[[nodiscard]] double natural_log(double x) noexcept;

}  // namespace corsac

// The kernels for 64-bit ARM with the dot product extension. Compiled with
// -march=armv8.2-a+dotprod; nothing here runs before the machine was asked.

#include "math/kernel_tables.h"

#if defined(__aarch64__)

#include "math/neon_types.h"

namespace corsac::math {
namespace {

/// Seven-bit codes are non-negative signed bytes too, so the signed instruction is exact.
struct DotProducts {
  int32x4_t sum;

  void add_codes(int8x16_t query, int8x16_t codes) noexcept { sum = vdotq_s32(sum, query, codes); }
};

}  // namespace

constexpr Kernels kNeonDotKernels = neon_kernels<DotProducts>(Isa::NeonDot);

}  // namespace corsac::math

#endif

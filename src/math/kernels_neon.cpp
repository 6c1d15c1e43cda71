// The kernels for any 64-bit ARM.

#include "math/kernel_tables.h"

#if defined(__aarch64__)

#include "math/neon_types.h"

namespace corsac::math {
namespace {

struct Products {
  int32x4_t sum;

  void add_codes(int8x16_t query, int8x16_t codes) noexcept {
    sum = vpadalq_s16(sum, vmull_s8(vget_low_s8(query), vget_low_s8(codes)));
    sum = vpadalq_s16(sum, vmull_s8(vget_high_s8(query), vget_high_s8(codes)));
  }
};

}  // namespace

constexpr Kernels kNeonKernels = neon_kernels<Products>(Isa::Neon);

}  // namespace corsac::math

#endif

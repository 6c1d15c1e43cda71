// The kernels for 64-bit ARM with the dot product extension. Compiled with
// -march=armv8.2-a+dotprod; nothing here runs before the machine was asked.

#include "math/kernel_tables.h"

#if defined(__aarch64__)

#include "math/kernel_shapes.h"
#include "math/neon_types.h"
#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

/// Seven-bit codes are non-negative signed bytes too, so the signed instruction is exact.
struct SumU7 {
  static constexpr std::size_t kStep = 16;
  using Query = int8x16_t;
  int32x4_t sum;

  static SumU7 zero() noexcept { return {vdupq_n_s32(0)}; }
  static Query load_query(const std::int8_t* p) noexcept { return vld1q_s8(p); }
  void add(Query query, const std::uint8_t* row) noexcept {
    add_codes(query, vreinterpretq_s8_u8(vld1q_u8(row)));
  }
  static void store_totals(SumU7 a, SumU7 b, SumU7 c, SumU7 d, std::int32_t* out) noexcept {
    store_totals_of(a.sum, b.sum, c.sum, d.sum, out);
  }
  void add_codes(Query query, int8x16_t codes) noexcept { sum = vdotq_s32(sum, query, codes); }
  std::int32_t total() const noexcept { return vaddvq_s32(sum); }
};

struct SumU4 {
  struct Query {
    int8x16_t low, high;
  };
  SumU7 sum;

  static SumU4 zero() noexcept { return {SumU7::zero()}; }
  static Query load_query(const std::int8_t* p) noexcept { return {vld1q_s8(p), vld1q_s8(p + 16)}; }
  void add(const Query& query, const std::uint8_t* row) noexcept {
    const uint8x16_t codes = vld1q_u8(row);
    sum.add_codes(query.low, vreinterpretq_s8_u8(vandq_u8(codes, vdupq_n_u8(15))));
    sum.add_codes(query.high, vreinterpretq_s8_u8(vshrq_n_u8(codes, 4)));
  }
  std::int32_t total() const noexcept { return sum.total(); }
};

void fwht(float* values, std::size_t size) noexcept { shapes::walsh_hadamard(values, size); }

}  // namespace

constexpr Kernels kNeonDotKernels = {
    Isa::NeonDot,
    shapes::score_f32<F32x8, shapes::Product>,
    shapes::score_f32<F32x8, shapes::SquaredDifference>,
    shapes::score_u7<SumU7>,
    shapes::score_u8<SumU8>,
    shapes::score_u4<SumU4>,
    shapes::score_bits<VectorCount>,
    fwht,
};

}  // namespace corsac::math

#endif

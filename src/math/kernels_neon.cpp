// The kernels for any 64-bit ARM.

#include "math/kernel_tables.h"

#if defined(__aarch64__)

#include "math/kernel_shapes.h"
#include "math/neon_types.h"
#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

struct SumU7 {
  static constexpr std::size_t kStep = 16;
  using Query = int8x16_t;
  int32x4_t sum;

  static SumU7 zero() noexcept { return {vdupq_n_s32(0)}; }
  static Query load_query(const std::int8_t* p) noexcept { return vld1q_s8(p); }
  void add(Query query, const std::uint8_t* row) noexcept {
    add_codes(query, vreinterpretq_s8_u8(vld1q_u8(row)));
  }
  void add_codes(Query query, int8x16_t codes) noexcept {
    sum = vpadalq_s16(sum, vmull_s8(vget_low_s8(query), vget_low_s8(codes)));
    sum = vpadalq_s16(sum, vmull_s8(vget_high_s8(query), vget_high_s8(codes)));
  }
  static void store_totals(SumU7 a, SumU7 b, SumU7 c, SumU7 d, std::int32_t* out) noexcept {
    store_totals_of(a.sum, b.sum, c.sum, d.sum, out);
  }
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

constexpr Kernels kNeonKernels = {
    Isa::Neon,
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

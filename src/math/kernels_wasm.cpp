// The kernels for WebAssembly SIMD, and the relaxed integer dot product where the build allows it:
// its result is exact because codes have seven bits. Relaxed multiply-add is never used: it may be
// fused.

#include "math/kernel_tables.h"

#if defined(__wasm_simd128__)

#include <wasm_simd128.h>

#include "math/kernel_shapes.h"
#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

struct F32x8 {
  v128_t low, high;

  static F32x8 zero() noexcept { return {wasm_f32x4_splat(0), wasm_f32x4_splat(0)}; }
  static F32x8 load(const float* p) noexcept { return {wasm_v128_load(p), wasm_v128_load(p + 4)}; }
  friend F32x8 operator+(F32x8 a, F32x8 b) noexcept {
    return {wasm_f32x4_add(a.low, b.low), wasm_f32x4_add(a.high, b.high)};
  }
  friend F32x8 operator-(F32x8 a, F32x8 b) noexcept {
    return {wasm_f32x4_sub(a.low, b.low), wasm_f32x4_sub(a.high, b.high)};
  }
  friend F32x8 operator*(F32x8 a, F32x8 b) noexcept {
    return {wasm_f32x4_mul(a.low, b.low), wasm_f32x4_mul(a.high, b.high)};
  }
  float total() const noexcept {
    const v128_t four = wasm_f32x4_add(low, high);
    const v128_t two = wasm_f32x4_add(four, wasm_i32x4_shuffle(four, four, 2, 3, 0, 1));
    return wasm_f32x4_extract_lane(two, 0) + wasm_f32x4_extract_lane(two, 1);
  }
};

std::int32_t total_of(v128_t sum) noexcept {
  const v128_t two = wasm_i32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 2, 3, 0, 1));
  return wasm_i32x4_extract_lane(two, 0) + wasm_i32x4_extract_lane(two, 1);
}

void store_totals_of(v128_t a, v128_t b, v128_t c, v128_t d, std::int32_t* out) noexcept {
  const v128_t ab =
      wasm_i32x4_add(wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
  const v128_t cd =
      wasm_i32x4_add(wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), wasm_i32x4_shuffle(c, d, 2, 6, 3, 7));
  wasm_v128_store(out, wasm_i32x4_add(wasm_i32x4_shuffle(ab, cd, 0, 1, 4, 5),
                                      wasm_i32x4_shuffle(ab, cd, 2, 3, 6, 7)));
}

struct SumU7 {
  static constexpr std::size_t kStep = 16;
  struct Query {
    v128_t low, high;  // 8 signed 16-bit values each
  };
  v128_t sum;

  static SumU7 zero() noexcept { return {wasm_i32x4_splat(0)}; }
  static Query load_query(const std::int8_t* p) noexcept {
    return {wasm_i16x8_load8x8(p), wasm_i16x8_load8x8(p + 8)};
  }
  void add(Query query, const std::uint8_t* row) noexcept {
    sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(query.low, wasm_u16x8_load8x8(row)));
    sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(query.high, wasm_u16x8_load8x8(row + 8)));
  }
  static void store_totals(SumU7 a, SumU7 b, SumU7 c, SumU7 d, std::int32_t* out) noexcept {
    store_totals_of(a.sum, b.sum, c.sum, d.sum, out);
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct SumU8 {
  static constexpr std::size_t kStep = 8;
  v128_t sum;

  static SumU8 zero() noexcept { return {wasm_i32x4_splat(0)}; }
  void add(const std::int16_t* query, const std::uint8_t* row, const std::uint8_t* plane) noexcept {
    const v128_t bits = wasm_i16x8_const(1, 2, 4, 8, 16, 32, 64, 128);
    const v128_t minus_bit = wasm_i16x8_eq(wasm_v128_and(wasm_i16x8_splat(*plane), bits), bits);
    const v128_t wide = wasm_i16x8_sub(wasm_i16x8_shl(wasm_u16x8_load8x8(row), 1), minus_bit);
    sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_v128_load(query), wide));
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct SumU4 {
  struct Query {
    SumU7::Query low, high;
  };
  v128_t sum;

  static SumU4 zero() noexcept { return {wasm_i32x4_splat(0)}; }
  static Query load_query(const std::int8_t* p) noexcept {
    return {SumU7::load_query(p), SumU7::load_query(p + 16)};
  }
  void add_half(const SumU7::Query& query, v128_t codes) noexcept {
    sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(query.low, wasm_u16x8_extend_low_u8x16(codes)));
    sum =
        wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(query.high, wasm_u16x8_extend_high_u8x16(codes)));
  }
  void add(const Query& query, const std::uint8_t* row) noexcept {
    const v128_t codes = wasm_v128_load(row);
    add_half(query.low, wasm_v128_and(codes, wasm_i8x16_const_splat(15)));
    add_half(query.high, wasm_u8x16_shr(codes, 4));
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

/// Counts the bits of sixteen bytes at once; the weighted counts of five planes fit a byte.
struct VectorCount {
  static v128_t weighted(const std::uint8_t* query, std::size_t bytes, v128_t row, bool half,
                         v128_t& minus) noexcept {
    const auto count = [&](std::size_t j) {
      const std::uint8_t* const p = query + j * bytes;
      return wasm_i8x16_popcnt(
          wasm_v128_and(half ? wasm_v128_load64_zero(p) : wasm_v128_load(p), row));
    };
    v128_t sum = count(4);
    for (std::size_t j = 4; j-- > 0;) sum = wasm_i8x16_add(wasm_i8x16_add(sum, sum), count(j));
    minus = count(5);
    return wasm_u16x8_extadd_pairwise_u8x16(sum);
  }
  [[gnu::always_inline]] static inline std::int32_t plane(const std::uint8_t* query,
                                                          const std::uint8_t* row,
                                                          std::size_t bytes) noexcept {
    v128_t plus = wasm_i32x4_splat(0), negative = plus, minus;
    std::size_t at = 0;
    for (; at + 16 <= bytes; at += 16) {
      const v128_t sum = weighted(query + at, bytes, wasm_v128_load(row + at), false, minus);
      plus = wasm_i16x8_add(plus, sum);
      negative = wasm_i16x8_add(negative, wasm_u16x8_extadd_pairwise_u8x16(minus));
    }
    if (at < bytes) {
      const v128_t sum = weighted(query + at, bytes, wasm_v128_load64_zero(row + at), true, minus);
      plus = wasm_i16x8_add(plus, sum);
      negative = wasm_i16x8_add(negative, wasm_u16x8_extadd_pairwise_u8x16(minus));
    }
    return total_of(wasm_u32x4_extadd_pairwise_u16x8(plus)) -
           32 * total_of(wasm_u32x4_extadd_pairwise_u16x8(negative));
  }
};

struct Lookup {
  static shapes::U8x16 swizzle(shapes::U8x16 table, shapes::U8x16 numbers) noexcept {
    return reinterpret_cast<shapes::U8x16>(
        wasm_i8x16_swizzle(reinterpret_cast<v128_t>(table), reinterpret_cast<v128_t>(numbers)));
  }
};

void fwht(float* values, std::size_t size) noexcept { shapes::walsh_hadamard(values, size); }

}  // namespace

constexpr Kernels kSimd128Kernels = {
    Isa::Simd128,
    shapes::score_f32<F32x8, shapes::Product>,
    shapes::score_f32<F32x8, shapes::SquaredDifference>,
    shapes::score_u7<SumU7>,
    shapes::score_u8<SumU8>,
    shapes::score_u4<SumU4>,
    shapes::score_bits<VectorCount>,
    shapes::sum_nibbles<Lookup>,
    fwht,
};

#if defined(__wasm_relaxed_simd__)

namespace {

struct RelaxedSumU7 {
  static constexpr std::size_t kStep = 16;
  using Query = v128_t;
  v128_t sum;

  static RelaxedSumU7 zero() noexcept { return {wasm_i32x4_splat(0)}; }
  static Query load_query(const std::int8_t* p) noexcept { return wasm_v128_load(p); }
  void add(Query query, const std::uint8_t* row) noexcept {
    sum = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(query, wasm_v128_load(row), sum);
  }
  static void store_totals(RelaxedSumU7 a, RelaxedSumU7 b, RelaxedSumU7 c, RelaxedSumU7 d,
                           std::int32_t* out) noexcept {
    store_totals_of(a.sum, b.sum, c.sum, d.sum, out);
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct RelaxedSumU4 {
  struct Query {
    v128_t low, high;
  };
  v128_t sum;

  static RelaxedSumU4 zero() noexcept { return {wasm_i32x4_splat(0)}; }
  static Query load_query(const std::int8_t* p) noexcept {
    return {wasm_v128_load(p), wasm_v128_load(p + 16)};
  }
  void add(const Query& query, const std::uint8_t* row) noexcept {
    const v128_t codes = wasm_v128_load(row);
    sum = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(
        query.low, wasm_v128_and(codes, wasm_i8x16_const_splat(15)), sum);
    sum = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(query.high, wasm_u8x16_shr(codes, 4), sum);
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

}  // namespace

constexpr Kernels kRelaxedSimdKernels = {
    Isa::RelaxedSimd,
    shapes::score_f32<F32x8, shapes::Product>,
    shapes::score_f32<F32x8, shapes::SquaredDifference>,
    shapes::score_u7<RelaxedSumU7>,
    shapes::score_u8<SumU8>,
    shapes::score_u4<RelaxedSumU4>,
    shapes::score_bits<VectorCount>,
    shapes::sum_nibbles<Lookup>,
    fwht,
};

#endif

}  // namespace corsac::math

#endif

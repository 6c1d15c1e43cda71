// The kernels for ARM but for the products of bytes, in which the two NEON kernel files differ.
// Included by those two files only.
#pragma once

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>

#include "math/kernel_shapes.h"
#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

struct F32x8 {
  float32x4_t low, high;

  static F32x8 zero() noexcept { return {vdupq_n_f32(0), vdupq_n_f32(0)}; }
  static F32x8 load(const float* p) noexcept { return {vld1q_f32(p), vld1q_f32(p + 4)}; }
  friend F32x8 operator+(F32x8 a, F32x8 b) noexcept {
    return {vaddq_f32(a.low, b.low), vaddq_f32(a.high, b.high)};
  }
  friend F32x8 operator-(F32x8 a, F32x8 b) noexcept {
    return {vsubq_f32(a.low, b.low), vsubq_f32(a.high, b.high)};
  }
  friend F32x8 operator*(F32x8 a, F32x8 b) noexcept {
    return {vmulq_f32(a.low, b.low), vmulq_f32(a.high, b.high)};
  }
  float total() const noexcept {
    const float32x4_t four = vaddq_f32(low, high);
    const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
  }
};

/// Counts the bits of sixteen bytes at once; the weighted counts of five planes fit a byte.
struct VectorCount {
  static uint8x16_t count(const std::uint8_t* query, uint8x16_t row) noexcept {
    return vcntq_u8(vandq_u8(vld1q_u8(query), row));
  }
  static std::int32_t plane(const std::uint8_t* query, const std::uint8_t* row,
                            std::size_t bytes) noexcept {
    uint32x4_t sum = vdupq_n_u32(0), minus = sum;
    std::size_t at = 0;
    for (; at + 16 <= bytes; at += 16) {
      const uint8x16_t bits = vld1q_u8(row + at);
      uint8x16_t weighted = count(query + 4 * bytes + at, bits);
      for (std::size_t j = 4; j-- > 0;)
        weighted = vaddq_u8(vaddq_u8(weighted, weighted), count(query + j * bytes + at, bits));
      sum = vpadalq_u16(sum, vpaddlq_u8(weighted));
      minus = vpadalq_u16(minus, vpaddlq_u8(count(query + 5 * bytes + at, bits)));
    }
    std::int32_t total = static_cast<std::int32_t>(vaddvq_u32(sum)) -
                         32 * static_cast<std::int32_t>(vaddvq_u32(minus));
    if (at < bytes) total += rest(query + at, row + at, bytes);
    return total;
  }
  /// The last eight bytes of a plane.
  static std::int32_t rest(const std::uint8_t* query, const std::uint8_t* row,
                           std::size_t bytes) noexcept {
    std::int32_t total = 0;
    for (std::size_t j = 0; j < 6; ++j) {
      const std::int32_t ones =
          vaddv_u8(vcnt_u8(vand_u8(vld1_u8(query + j * bytes), vld1_u8(row))));
      total += j < 5 ? ones << j : -(ones << j);
    }
    return total;
  }
};

/// Codes of seven bits; `add_codes` multiplies and adds sixteen of them.
template <class Products>
struct SumU7Of : Products {
  static constexpr std::size_t kStep = 16;
  using Query = int8x16_t;

  static SumU7Of zero() noexcept { return {vdupq_n_s32(0)}; }
  static Query load_query(const std::int8_t* p) noexcept { return vld1q_s8(p); }
  void add(Query query, const std::uint8_t* row) noexcept {
    this->add_codes(query, vreinterpretq_s8_u8(vld1q_u8(row)));
  }
  static void store_totals(SumU7Of a, SumU7Of b, SumU7Of c, SumU7Of d, std::int32_t* out) noexcept {
    vst1q_s32(out, vpaddq_s32(vpaddq_s32(a.sum, b.sum), vpaddq_s32(c.sum, d.sum)));
  }
  std::int32_t total() const noexcept { return vaddvq_s32(this->sum); }
};

template <class SumU7>
struct SumU4Of {
  struct Query {
    int8x16_t low, high;
  };
  SumU7 sum;

  static SumU4Of zero() noexcept { return {SumU7::zero()}; }
  static Query load_query(const std::int8_t* p) noexcept { return {vld1q_s8(p), vld1q_s8(p + 16)}; }
  void add(const Query& query, const std::uint8_t* row) noexcept {
    const uint8x16_t codes = vld1q_u8(row);
    sum.add_codes(query.low, vreinterpretq_s8_u8(vandq_u8(codes, vdupq_n_u8(15))));
    sum.add_codes(query.high, vreinterpretq_s8_u8(vshrq_n_u8(codes, 4)));
  }
  std::int32_t total() const noexcept { return sum.total(); }
};

struct Lookup {
  static shapes::U8x16 swizzle(shapes::U8x16 table, shapes::U8x16 numbers) noexcept {
    return reinterpret_cast<shapes::U8x16>(
        vqtbl1q_u8(reinterpret_cast<uint8x16_t>(table), reinterpret_cast<uint8x16_t>(numbers)));
  }
};

struct SumU8 {
  static constexpr std::size_t kStep = 8;
  int32x4_t sum;

  static SumU8 zero() noexcept { return {vdupq_n_s32(0)}; }
  void add(const std::int16_t* query, const std::uint8_t* row, const std::uint8_t* plane) noexcept {
    static constexpr std::uint16_t kBits[8] = {1, 2, 4, 8, 16, 32, 64, 128};
    const uint16x8_t minus_bit = vtstq_u16(vdupq_n_u16(*plane), vld1q_u16(kBits));
    const uint16x8_t wide = vsubq_u16(vshll_n_u8(vld1_u8(row), 1), minus_bit);
    const int16x8_t codes = vreinterpretq_s16_u16(wide), q = vld1q_s16(query);
    sum = vmlal_s16(sum, vget_low_s16(q), vget_low_s16(codes));
    sum = vmlal_s16(sum, vget_high_s16(q), vget_high_s16(codes));
  }
  std::int32_t total() const noexcept { return vaddvq_s32(sum); }
};

void fwht(float* values, std::size_t size) noexcept { shapes::walsh_hadamard(values, size); }

/// The table, which differs in how products are added.
template <class Products>
constexpr Kernels neon_kernels(Isa isa) noexcept {
  using SumU7 = SumU7Of<Products>;
  return {
      isa,
      shapes::score_f32<F32x8, shapes::Product>,
      shapes::score_f32<F32x8, shapes::SquaredDifference>,
      shapes::score_u7<SumU7>,
      shapes::score_u8<SumU8>,
      shapes::score_u4<SumU4Of<SumU7>>,
      shapes::score_bits<VectorCount>,
      shapes::sum_nibbles<Lookup>,
      fwht,
  };
}

}  // namespace
}  // namespace corsac::math

// Eight floats in one 256-bit register, and the sums of 32-bit integers in one: what the AVX2 and
// AVX-512 kernels share. Included by those two files only, inside their own unnamed namespaces'
// instances.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

struct F32x8 {
  __m256 lanes;

  static F32x8 zero() noexcept { return {_mm256_setzero_ps()}; }
  static F32x8 load(const float* p) noexcept { return {_mm256_loadu_ps(p)}; }
  friend F32x8 operator+(F32x8 a, F32x8 b) noexcept { return {_mm256_add_ps(a.lanes, b.lanes)}; }
  friend F32x8 operator-(F32x8 a, F32x8 b) noexcept { return {_mm256_sub_ps(a.lanes, b.lanes)}; }
  friend F32x8 operator*(F32x8 a, F32x8 b) noexcept { return {_mm256_mul_ps(a.lanes, b.lanes)}; }
  float total() const noexcept {
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
  }
};

inline __m256i load_256(const void* p) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

inline std::int32_t total_of(__m256i sum) noexcept {
  const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xB1)));
}

inline void store_totals_of(__m256i a, __m256i b, __m256i c, __m256i d,
                            std::int32_t* out) noexcept {
  const __m256i sums = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                   _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1)));
}

/// Sixteen low halves, then sixteen high ones.
inline __m256i halves_of(const std::uint8_t* row) noexcept {
  const __m128i codes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row));
  const __m256i both =
      _mm256_inserti128_si256(_mm256_castsi128_si256(codes), _mm_srli_epi16(codes, 4), 1);
  return _mm256_and_si256(both, _mm256_set1_epi8(15));
}

/// 16 codes a step: the seven high bits doubled, minus the mask of the plane's bits.
struct SumU8 {
  static constexpr std::size_t kStep = 16;
  __m256i sum;

  static SumU8 zero() noexcept { return {_mm256_setzero_si256()}; }
  void add(const std::int16_t* query, const std::uint8_t* row, const std::uint8_t* plane) noexcept {
    const __m256i codes =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row)));
    const __m256i bits = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                           8192, 16384, static_cast<short>(-32768));
    const __m256i word = _mm256_set1_epi16(static_cast<short>(plane[0] | plane[1] << 8));
    const __m256i minus_bit = _mm256_cmpeq_epi16(_mm256_and_si256(word, bits), bits);
    const __m256i wide = _mm256_sub_epi16(_mm256_add_epi16(codes, codes), minus_bit);
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(load_256(query), wide));
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct Lookup {
  static shapes::U8x16 swizzle(shapes::U8x16 table, shapes::U8x16 numbers) noexcept {
    return reinterpret_cast<shapes::U8x16>(
        _mm_shuffle_epi8(reinterpret_cast<__m128i>(table), reinterpret_cast<__m128i>(numbers)));
  }
};

}  // namespace
}  // namespace corsac::math

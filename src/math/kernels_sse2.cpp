// The kernels for any x86-64: 128-bit integer and float units.

#include "math/kernel_tables.h"

#if defined(__x86_64__)

#include <emmintrin.h>

#include "math/kernel_shapes.h"
#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

struct F32x8 {
  __m128 low, high;

  static F32x8 zero() noexcept { return {_mm_setzero_ps(), _mm_setzero_ps()}; }
  static F32x8 load(const float* p) noexcept { return {_mm_loadu_ps(p), _mm_loadu_ps(p + 4)}; }
  friend F32x8 operator+(F32x8 a, F32x8 b) noexcept {
    return {_mm_add_ps(a.low, b.low), _mm_add_ps(a.high, b.high)};
  }
  friend F32x8 operator-(F32x8 a, F32x8 b) noexcept {
    return {_mm_sub_ps(a.low, b.low), _mm_sub_ps(a.high, b.high)};
  }
  friend F32x8 operator*(F32x8 a, F32x8 b) noexcept {
    return {_mm_mul_ps(a.low, b.low), _mm_mul_ps(a.high, b.high)};
  }
  float total() const noexcept {
    const __m128 four = _mm_add_ps(low, high);
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
  }
};

__m128i load(const void* p) noexcept { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }

std::int32_t total_of(__m128i sum) noexcept {
  const __m128i two = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xB1)));
}

void store_totals_of(__m128i a, __m128i b, __m128i c, __m128i d, std::int32_t* out) noexcept {
  const __m128i ab = _mm_add_epi32(_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
  const __m128i cd = _mm_add_epi32(_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                   _mm_add_epi32(_mm_unpacklo_epi64(ab, cd), _mm_unpackhi_epi64(ab, cd)));
}

struct SumU7 {
  static constexpr std::size_t kStep = 16;
  struct Query {
    __m128i low, high;  // 8 signed 16-bit values each
  };
  __m128i sum;

  static SumU7 zero() noexcept { return {_mm_setzero_si128()}; }
  static Query load_query(const std::int8_t* p) noexcept {
    const __m128i q = load(p);
    return {_mm_srai_epi16(_mm_unpacklo_epi8(q, q), 8), _mm_srai_epi16(_mm_unpackhi_epi8(q, q), 8)};
  }
  void add(Query query, const std::uint8_t* row) noexcept {
    const __m128i codes = load(row);
    const __m128i zeros = _mm_setzero_si128();
    sum = _mm_add_epi32(sum, _mm_madd_epi16(query.low, _mm_unpacklo_epi8(codes, zeros)));
    sum = _mm_add_epi32(sum, _mm_madd_epi16(query.high, _mm_unpackhi_epi8(codes, zeros)));
  }
  static void store_totals(SumU7 a, SumU7 b, SumU7 c, SumU7 d, std::int32_t* out) noexcept {
    store_totals_of(a.sum, b.sum, c.sum, d.sum, out);
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct SumU8 {
  static constexpr std::size_t kStep = 8;
  __m128i sum;

  static SumU8 zero() noexcept { return {_mm_setzero_si128()}; }
  void add(const std::int16_t* query, const std::uint8_t* row, const std::uint8_t* plane) noexcept {
    const __m128i codes = _mm_unpacklo_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(row)),
                                            _mm_setzero_si128());
    const __m128i bits = _mm_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128);
    const __m128i minus_bit = _mm_cmpeq_epi16(_mm_and_si128(_mm_set1_epi16(*plane), bits), bits);
    const __m128i wide = _mm_sub_epi16(_mm_add_epi16(codes, codes), minus_bit);
    sum = _mm_add_epi32(sum, _mm_madd_epi16(load(query), wide));
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct SumU4 {
  struct Query {
    SumU7::Query low, high;
  };
  __m128i sum;

  static SumU4 zero() noexcept { return {_mm_setzero_si128()}; }
  static Query load_query(const std::int8_t* p) noexcept {
    return {SumU7::load_query(p), SumU7::load_query(p + 16)};
  }
  void add_half(const SumU7::Query& query, __m128i codes) noexcept {
    const __m128i zeros = _mm_setzero_si128();
    sum = _mm_add_epi32(sum, _mm_madd_epi16(query.low, _mm_unpacklo_epi8(codes, zeros)));
    sum = _mm_add_epi32(sum, _mm_madd_epi16(query.high, _mm_unpackhi_epi8(codes, zeros)));
  }
  void add(const Query& query, const std::uint8_t* row) noexcept {
    const __m128i codes = load(row), mask = _mm_set1_epi8(15);
    add_half(query.low, _mm_and_si128(codes, mask));
    add_half(query.high, _mm_and_si128(_mm_srli_epi16(codes, 4), mask));
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct WordCount : shapes::WordCount {};

void fwht(float* values, std::size_t size) noexcept { shapes::walsh_hadamard(values, size); }

}  // namespace

constexpr Kernels kSse2Kernels = {
    Isa::Sse2,
    shapes::score_f32<F32x8, shapes::Product>,
    shapes::score_f32<F32x8, shapes::SquaredDifference>,
    shapes::score_u7<SumU7>,
    shapes::score_u8<SumU8>,
    shapes::score_u4<SumU4>,
    shapes::score_bits<WordCount>,
    shapes::sum_nibbles_by_row<WordCount>,
    fwht,
};

}  // namespace corsac::math

#endif

// The kernels for AVX-512 with VNNI. Compiled with -mavx512f -mavx512bw -mavx512vl -mavx512vnni;
// nothing here runs before the machine was asked. Floats keep their eight lanes: sixteen would be
// another order.

#include "math/kernel_tables.h"

#if defined(__x86_64__)

#include "math/f32x8_avx.h"
#include "math/kernel_shapes.h"
#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

__m256i halves(__m512i sum) noexcept {
  return _mm256_add_epi32(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1));
}

/// vpdpbusd multiplies unsigned codes by signed queries and adds four products to each 32-bit sum.
struct SumU7 {
  static constexpr std::size_t kStep = 64;
  using Query = __m512i;
  __m512i sum;

  static SumU7 zero() noexcept { return {_mm512_setzero_si512()}; }
  static Query load_query(const std::int8_t* p) noexcept { return _mm512_loadu_si512(p); }
  void add(Query query, const std::uint8_t* row) noexcept {
    sum = _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(row), query);
  }
  static void store_totals(SumU7 a, SumU7 b, SumU7 c, SumU7 d, std::int32_t* out) noexcept {
    store_totals_of(halves(a.sum), halves(b.sum), halves(c.sum), halves(d.sum), out);
  }
  std::int32_t total() const noexcept { return total_of(halves(sum)); }
};

struct SumU4 {
  using Query = __m256i;
  __m256i sum;

  static SumU4 zero() noexcept { return {_mm256_setzero_si256()}; }
  static Query load_query(const std::int8_t* p) noexcept { return load_256(p); }
  void add(Query query, const std::uint8_t* row) noexcept {
    sum = _mm256_dpbusd_epi32(sum, halves_of(row), query);
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct WordCount : shapes::WordCount {};

void fwht(float* values, std::size_t size) noexcept { shapes::walsh_hadamard(values, size); }

}  // namespace

constexpr Kernels kAvx512Kernels = {
    Isa::Avx512,
    shapes::score_f32<F32x8, shapes::Product>,
    shapes::score_f32<F32x8, shapes::SquaredDifference>,
    shapes::score_u7<SumU7>,
    shapes::score_u8<SumU8>,
    shapes::score_u4<SumU4>,
    shapes::score_bits<WordCount>,
    shapes::sum_nibbles<Lookup>,
    fwht,
};

}  // namespace corsac::math

#endif

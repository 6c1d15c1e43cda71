// The kernels for AVX2. Compiled with -mavx2; nothing here runs before the machine was asked.

#include "math/kernel_tables.h"

#if defined(__x86_64__)

#include "math/f32x8_avx.h"
#include "math/kernel_shapes.h"
#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

/// vpmaddubsw adds two products in 16 bits: 2 * 127 * 128 fits, which is why codes have seven bits.
struct SumU7 {
  static constexpr std::size_t kStep = 32;
  using Query = __m256i;
  __m256i sum;

  static SumU7 zero() noexcept { return {_mm256_setzero_si256()}; }
  static Query load_query(const std::int8_t* p) noexcept { return load_256(p); }
  void add(Query query, const std::uint8_t* row) noexcept {
    const __m256i pairs = _mm256_maddubs_epi16(load_256(row), query);
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
  static void store_totals(SumU7 a, SumU7 b, SumU7 c, SumU7 d, std::int32_t* out) noexcept {
    store_totals_of(a.sum, b.sum, c.sum, d.sum, out);
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct SumU4 {
  using Query = __m256i;
  __m256i sum;

  static SumU4 zero() noexcept { return {_mm256_setzero_si256()}; }
  static Query load_query(const std::int8_t* p) noexcept { return load_256(p); }
  void add(Query query, const std::uint8_t* row) noexcept {
    const __m256i pairs = _mm256_maddubs_epi16(halves_of(row), query);
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
  std::int32_t total() const noexcept { return total_of(sum); }
};

struct WordCount : shapes::WordCount {};

void fwht(float* values, std::size_t size) noexcept { shapes::walsh_hadamard(values, size); }

}  // namespace

constexpr Kernels kAvx2Kernels = {
    Isa::Avx2,
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

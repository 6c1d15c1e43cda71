// The kernels in plain C++: the definition that every instruction set is compared with.

#include "math/kernel_shapes.h"
#include "math/kernel_tables.h"
#include "math/packed_shapes.h"

namespace corsac::math {
namespace {

struct F32x8 {
  float lane[8];

  static F32x8 zero() noexcept { return {}; }
  static F32x8 load(const float* p) noexcept {
    F32x8 out;
    std::memcpy(out.lane, p, sizeof out.lane);
    return out;
  }
  friend F32x8 operator+(F32x8 a, F32x8 b) noexcept {
    for (int j = 0; j < 8; ++j) a.lane[j] += b.lane[j];
    return a;
  }
  friend F32x8 operator-(F32x8 a, F32x8 b) noexcept {
    for (int j = 0; j < 8; ++j) a.lane[j] -= b.lane[j];
    return a;
  }
  friend F32x8 operator*(F32x8 a, F32x8 b) noexcept {
    for (int j = 0; j < 8; ++j) a.lane[j] *= b.lane[j];
    return a;
  }
  float total() const noexcept {
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
  }
};

struct SumU7 {
  static constexpr std::size_t kStep = 1;
  using Query = std::int32_t;
  std::int32_t sum;

  static SumU7 zero() noexcept { return {0}; }
  static Query load_query(const std::int8_t* p) noexcept { return *p; }
  void add(Query query, const std::uint8_t* row) noexcept { sum += query * *row; }
  static void store_totals(SumU7 a, SumU7 b, SumU7 c, SumU7 d, std::int32_t* out) noexcept {
    out[0] = a.total();
    out[1] = b.total();
    out[2] = c.total();
    out[3] = d.total();
  }
  std::int32_t total() const noexcept { return sum; }
};

struct SumU8 {
  static constexpr std::size_t kStep = 8;
  std::int32_t sum;

  static SumU8 zero() noexcept { return {0}; }
  void add(const std::int16_t* query, const std::uint8_t* row, const std::uint8_t* plane) noexcept {
    for (int j = 0; j < 8; ++j) sum += query[j] * (2 * row[j] + (*plane >> j & 1));
  }
  std::int32_t total() const noexcept { return sum; }
};

struct SumU4 {
  using Query = const std::int8_t*;
  std::int32_t sum;

  static SumU4 zero() noexcept { return {0}; }
  static Query load_query(const std::int8_t* p) noexcept { return p; }
  void add(Query query, const std::uint8_t* row) noexcept {
    for (int j = 0; j < 16; ++j) sum += query[j] * (row[j] & 15) + query[16 + j] * (row[j] >> 4);
  }
  std::int32_t total() const noexcept { return sum; }
};

struct WordCount : shapes::WordCount {};

void fwht(float* values, std::size_t size) noexcept { shapes::walsh_hadamard(values, size); }

}  // namespace

constexpr Kernels kPortableKernels = {
    Isa::Portable,
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

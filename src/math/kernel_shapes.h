// The loops of every kernel, written once over the vector types of an instruction set: four rows at
// a time share the loads of the query and hide each other's latency, the rest go one by one.
//
// Included by the kernels_*.cpp files only. Each gives its own types in an unnamed namespace, so
// each has its own instances and the linker can never mix code compiled for different machines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "math/touch.h"

namespace corsac::math::shapes {

inline constexpr std::size_t kLanes = 8;

/// The last `count` < 8 floats, the rest zeros: adding them changes no lane.
template <class F32x8>
[[gnu::always_inline]] inline F32x8 load_part(const float* p, std::size_t count) noexcept {
  float padded[kLanes] = {};
  std::memcpy(padded, p, count * sizeof(float));
  return F32x8::load(padded);
}

struct Product {
  template <class F32x8>
  [[gnu::always_inline]] static F32x8 add(F32x8 sum, F32x8 query, F32x8 row) noexcept {
    return sum + query * row;
  }
};

struct SquaredDifference {
  template <class F32x8>
  [[gnu::always_inline]] static F32x8 add(F32x8 sum, F32x8 query, F32x8 row) noexcept {
    const F32x8 difference = query - row;
    return sum + difference * difference;
  }
};

template <class F32x8, class Term>
[[gnu::always_inline]] inline void one_row(const float* query, const float* row, std::size_t dim,
                                           float* out) noexcept {
  F32x8 sum = F32x8::zero();
  std::size_t i = 0;
  for (; i + kLanes <= dim; i += kLanes)
    sum = Term::add(sum, F32x8::load(query + i), F32x8::load(row + i));
  if (i < dim)
    sum = Term::add(sum, load_part<F32x8>(query + i, dim - i), load_part<F32x8>(row + i, dim - i));
  *out = sum.total();
}

template <class F32x8, class Term>
[[gnu::always_inline]] inline void four_rows(const float* query, const float* a, const float* b,
                                             const float* c, const float* d, std::size_t dim,
                                             float* out) noexcept {
  F32x8 sum_a = F32x8::zero(), sum_b = sum_a, sum_c = sum_a, sum_d = sum_a;
  std::size_t i = 0;
  for (; i + kLanes <= dim; i += kLanes) {
    const F32x8 q = F32x8::load(query + i);
    sum_a = Term::add(sum_a, q, F32x8::load(a + i));
    sum_b = Term::add(sum_b, q, F32x8::load(b + i));
    sum_c = Term::add(sum_c, q, F32x8::load(c + i));
    sum_d = Term::add(sum_d, q, F32x8::load(d + i));
  }
  if (i < dim) {
    const std::size_t rest = dim - i;
    const F32x8 q = load_part<F32x8>(query + i, rest);
    sum_a = Term::add(sum_a, q, load_part<F32x8>(a + i, rest));
    sum_b = Term::add(sum_b, q, load_part<F32x8>(b + i, rest));
    sum_c = Term::add(sum_c, q, load_part<F32x8>(c + i, rest));
    sum_d = Term::add(sum_d, q, load_part<F32x8>(d + i, rest));
  }
  out[0] = sum_a.total();
  out[1] = sum_b.total();
  out[2] = sum_c.total();
  out[3] = sum_d.total();
}

/// Kernels::dot_f32 and l2_f32.
template <class F32x8, class Term>
void score_f32(const float* query, const float* rows, std::size_t dim, const std::uint32_t* picks,
               std::size_t count, float* out) noexcept {
  const std::size_t row_bytes = dim * sizeof(float);
  const std::size_t touched = row_bytes < kTouchFloatBytes ? row_bytes : kTouchFloatBytes;
  for (std::size_t r = 0; r < count; ++r) touch(rows + picks[r] * dim, touched);
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    four_rows<F32x8, Term>(query, rows + picks[r] * dim, rows + picks[r + 1] * dim,
                           rows + picks[r + 2] * dim, rows + picks[r + 3] * dim, dim, out + r);
  }
  for (; r < count; ++r) one_row<F32x8, Term>(query, rows + picks[r] * dim, dim, out + r);
}

inline std::int32_t dot_u7_rest(const std::int8_t* query, const std::uint8_t* row, std::size_t from,
                                std::size_t dim) noexcept {
  std::int32_t total = 0;
  for (std::size_t i = from; i < dim; ++i) total += query[i] * row[i];
  return total;
}

/// Kernels::dot_u7. `Sum` holds 32-bit partial sums, `Query` the part of the query that one step
/// reads; a step takes Sum::kStep bytes. Four rows are added up together by Sum::store_totals.
template <class Sum>
void score_u7(const std::int8_t* query, const std::uint8_t* rows, std::size_t dim,
              const std::uint32_t* picks, std::size_t count, std::int32_t* out) noexcept {
  const std::size_t touched = dim < kTouchCodeBytes ? dim : kTouchCodeBytes;
  for (std::size_t r = 0; r < count; ++r) touch(rows + picks[r] * dim, touched);
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const std::uint8_t* const a = rows + picks[r] * dim;
    const std::uint8_t* const b = rows + picks[r + 1] * dim;
    const std::uint8_t* const c = rows + picks[r + 2] * dim;
    const std::uint8_t* const d = rows + picks[r + 3] * dim;
    Sum sum_a = Sum::zero(), sum_b = sum_a, sum_c = sum_a, sum_d = sum_a;
    std::size_t i = 0;
    for (; i + Sum::kStep <= dim; i += Sum::kStep) {
      const typename Sum::Query q = Sum::load_query(query + i);
      sum_a.add(q, a + i);
      sum_b.add(q, b + i);
      sum_c.add(q, c + i);
      sum_d.add(q, d + i);
    }
    Sum::store_totals(sum_a, sum_b, sum_c, sum_d, out + r);
    if (i == dim) continue;
    out[r] += dot_u7_rest(query, a, i, dim);
    out[r + 1] += dot_u7_rest(query, b, i, dim);
    out[r + 2] += dot_u7_rest(query, c, i, dim);
    out[r + 3] += dot_u7_rest(query, d, i, dim);
  }
  for (; r < count; ++r) {
    const std::uint8_t* const row = rows + picks[r] * dim;
    Sum sum = Sum::zero();
    std::size_t i = 0;
    for (; i + Sum::kStep <= dim; i += Sum::kStep) sum.add(Sum::load_query(query + i), row + i);
    out[r] = sum.total() + dot_u7_rest(query, row, i, dim);
  }
}

/// Kernels::dot_u8. A step of `Sum` takes Sum::kStep bytes of the row and kStep / 8 of its plane.
template <class Sum>
void score_u8(const std::int16_t* query, const std::uint8_t* rows, const std::uint8_t* planes,
              std::size_t dim, const std::uint32_t* picks, std::size_t count,
              std::int32_t* out) noexcept {
  const std::size_t plane_bytes = (dim + 7) / 8;
  const std::size_t touched = dim < kTouchCodeBytes ? dim : kTouchCodeBytes;
  for (std::size_t r = 0; r < count; ++r) {
    touch(rows + picks[r] * dim, touched);
    touch(planes + picks[r] * plane_bytes, plane_bytes);
  }
  for (std::size_t r = 0; r < count; ++r) {
    const std::uint8_t* const row = rows + picks[r] * dim;
    const std::uint8_t* const plane = planes + picks[r] * plane_bytes;
    Sum sum = Sum::zero();
    std::size_t i = 0;
    for (; i + Sum::kStep <= dim; i += Sum::kStep) sum.add(query + i, row + i, plane + i / 8);
    std::int32_t total = sum.total();
    for (; i < dim; ++i) total += query[i] * (2 * row[i] + (plane[i / 8] >> (i % 8) & 1));
    out[r] = total;
  }
}

}  // namespace corsac::math::shapes

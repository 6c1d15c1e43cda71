// The loops over codes of less than a byte per dimension, written once over the vector types of an
// instruction set, as kernel_shapes.h is. Included by the kernels_*.cpp files only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "math/kernels.h"
#include "math/touch.h"

namespace corsac::math::shapes {

/// Kernels::dot_u4. A step of `Sum` takes 32 dimensions, 16 bytes of the row.
template <class Sum>
void score_u4(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
              std::size_t dim, const std::uint32_t* picks, std::size_t count,
              std::int32_t* out) noexcept {
  for (std::size_t r = 0; r < count; ++r) touch(rows + picks[r] * stride, stride);
  std::size_t r = 0;
  for (; r + 2 <= count; r += 2) {
    const std::uint8_t* const a = rows + picks[r] * stride;
    const std::uint8_t* const b = rows + picks[r + 1] * stride;
    Sum sum_a = Sum::zero(), sum_b = sum_a;
    for (std::size_t i = 0; i < dim; i += 32) {
      const typename Sum::Query q = Sum::load_query(query + i);
      sum_a.add(q, a + i / 2);
      sum_b.add(q, b + i / 2);
    }
    out[r] = sum_a.total();
    out[r + 1] = sum_b.total();
  }
  for (; r < count; ++r) {
    const std::uint8_t* const row = rows + picks[r] * stride;
    Sum sum = Sum::zero();
    for (std::size_t i = 0; i < dim; i += 32) sum.add(Sum::load_query(query + i), row + i / 2);
    out[r] = sum.total();
  }
}

/// Kernels::dot_bits. `Count` adds up one plane of a row against all planes of the query.
template <class Count>
void score_bits(const std::uint8_t* query, const std::uint8_t* rows, std::size_t stride,
                std::size_t plane_bytes, std::size_t planes, const std::uint32_t* picks,
                std::size_t count, std::int32_t* out) noexcept {
  for (std::size_t r = 0; r < count; ++r) touch(rows + picks[r] * stride, stride);
  for (std::size_t r = 0; r < count; ++r) {
    const std::uint8_t* const row = rows + picks[r] * stride;
    std::int32_t total = 0;
    for (std::size_t plane = 0; plane < planes; ++plane) {
      total += Count::plane(query, row + plane * plane_bytes, plane_bytes) << plane;
    }
    out[r] = total;
  }
}

/// Counts by machine words. Each file derives a type of its own, so that each has its own instance.
struct WordCount {
  [[gnu::always_inline]] static inline std::uint64_t word(const std::uint8_t* p) noexcept {
    std::uint64_t out;
    std::memcpy(&out, p, sizeof out);
    return out;
  }
  [[gnu::always_inline]] static inline std::int32_t plane(const std::uint8_t* query,
                                                          const std::uint8_t* row,
                                                          std::size_t bytes) noexcept {
    std::int32_t counts[kQueryPlanes] = {};
    for (std::size_t at = 0; at < bytes; at += 8) {
      const std::uint64_t bits = word(row + at);
      for (std::size_t j = 0; j < kQueryPlanes; ++j)
        counts[j] += __builtin_popcountll(bits & word(query + j * bytes + at));
    }
    std::int32_t total = -counts[kQueryPlanes - 1];
    for (std::size_t j = kQueryPlanes - 1; j-- > 0;) total = 2 * total + counts[j];
    return total;
  }
};

/// Kernels::fwht: butterflies of plain additions, so no order can differ.
[[gnu::always_inline]] inline void walsh_hadamard(float* values, std::size_t size) noexcept {
  for (std::size_t half = 1; half < size; half *= 2) {
    for (std::size_t block = 0; block < size; block += 2 * half) {
      float* const low = values + block;
      float* const high = low + half;
      for (std::size_t i = 0; i < half; ++i) {
        const float a = low[i], b = high[i];
        low[i] = a + b;
        high[i] = a - b;
      }
    }
  }
}

}  // namespace corsac::math::shapes

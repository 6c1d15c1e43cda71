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

/// Kernels::sum_nibbles, a row at a time. Each file names a type of its own.
template <class>
void sum_nibbles_by_row(const std::uint8_t* tables, const std::uint8_t* rows, std::size_t stride,
                        const std::uint32_t* picks, std::size_t count, std::int32_t* out) noexcept {
  for (std::size_t r = 0; r < count; ++r) touch(rows + picks[r] * stride, stride);
  for (std::size_t r = 0; r < count; ++r) {
    const std::uint8_t* const row = rows + picks[r] * stride;
    const std::uint8_t* table = tables;
    std::int32_t sum = 0;
    for (std::size_t j = 0; j < stride; ++j, table += 32)
      sum += table[row[j] & 15] + table[16 + (row[j] >> 4)];
    out[r] = sum;
  }
}

using U8x16 = std::uint8_t __attribute__((vector_size(16)));
using U16x8 = std::uint16_t __attribute__((vector_size(16)));

/// Turns sixteen rows of sixteen bytes into their columns: four rounds of merging halves.
[[gnu::always_inline]] inline void transpose(U8x16* rows) noexcept {
  for (int round = 0; round < 4; ++round) {
    U8x16 merged[16];
    for (int i = 0; i < 8; ++i) {
      const U8x16 a = rows[i], b = rows[i + 8];
      merged[2 * i] =
          __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      merged[2 * i + 1] = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13,
                                                  29, 14, 30, 15, 31);
    }
    std::memcpy(rows, merged, sizeof merged);
  }
}

/// Kernels::sum_nibbles, sixteen rows at a time: one swizzle looks their entries of one table up.
/// `Lookup::swizzle` takes each lane of a table by the numbers, 0 to 15, of the other.
template <class Lookup>
void sum_nibbles(const std::uint8_t* tables, const std::uint8_t* rows, std::size_t stride,
                 const std::uint32_t* picks, std::size_t count, std::int32_t* out) noexcept {
  constexpr std::size_t kRows = 16;
  for (std::size_t r = 0; r < count; ++r) touch(rows + picks[r] * stride, stride);
  for (std::size_t r = 0; r < count; r += kRows) {
    const std::size_t here = count - r < kRows ? count - r : kRows;
    std::int32_t sums[kRows] = {};
    for (std::size_t at = 0; at < stride; at += 16) {
      const std::size_t bytes = stride - at < 16 ? stride - at : 16;
      U8x16 columns[kRows] = {};
      for (std::size_t i = 0; i < here; ++i) {
        const std::uint8_t* const row = rows + picks[r + i] * stride + at;
        if (bytes == 16) {
          std::memcpy(&columns[i], row, 16);
        } else {
          std::memcpy(&columns[i], row, bytes);
        }
      }
      transpose(columns);
      // Of 32 bytes no sum reaches 2^16.
      U16x8 even = {}, odd = {};
      for (std::size_t j = 0; j < bytes; ++j) {
        U8x16 low, high;
        std::memcpy(&low, tables + 32 * (at + j), sizeof low);
        std::memcpy(&high, tables + 32 * (at + j) + 16, sizeof high);
        for (const U8x16 found :
             {Lookup::swizzle(low, columns[j] & 15), Lookup::swizzle(high, columns[j] >> 4)}) {
          const auto pairs = reinterpret_cast<U16x8>(found);
          even += pairs & 255;
          odd += pairs >> 8;
        }
      }
      for (std::size_t i = 0; i < 8; ++i) {
        sums[2 * i] += even[i];
        sums[2 * i + 1] += odd[i];
      }
    }
    std::memcpy(out + r, sums, here * sizeof *out);
  }
}

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

// How near is one query to several rows of a flat array? One table of functions per instruction
// set.
//
// Every table gives the same bits. Float sums run in eight lanes, lane j adding the elements
// j, j + 8, j + 16, ... in order with a multiplication and an addition (never fused), then the
// lanes are added as ((0+4)+(2+6)) + ((1+5)+(3+7)). Integer sums are exact. How many rows a call
// names changes nothing about each row's result. Checked by tests-cpp/math/kernels_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/isa.h"

namespace corsac::math {

/// Bits of a query that dot_bits takes.
inline constexpr std::size_t kQueryPlanes = 6;

/// `rows` is row-major [? x dim]; `picks` [count] numbers the rows wanted, in any order, repeated
/// or not; `out` [count] receives one value each. Nothing needs alignment; dim and count may be 0.
/// Rows are touched before they are read, so a call should name all rows of one hop.
struct Kernels {
  Isa isa;

  /// sum(query[i] * row[i]), wrong by at most (dim / 8 + 4) * 2^-24 * sum(|query[i] * row[i]|).
  void (*dot_f32)(const float* query, const float* rows, std::size_t dim,
                  const std::uint32_t* picks, std::size_t count, float* out) noexcept;

  /// sum((query[i] - row[i])^2), wrong by at most (dim / 8 + 6) * 2^-24 of itself.
  void (*l2_f32)(const float* query, const float* rows, std::size_t dim, const std::uint32_t* picks,
                 std::size_t count, float* out) noexcept;

  /// sum(query[i] * row[i]), exact. Requires: every row byte is at most 127; dim <= 131,072.
  /// A row is itself a query, so codes are compared with codes by the same function.
  void (*dot_u7)(const std::int8_t* query, const std::uint8_t* rows, std::size_t dim,
                 const std::uint32_t* picks, std::size_t count, std::int32_t* out) noexcept;

  /// sum(query[i] * (2 * row[i] + bit[i])), exact. `planes` is [? x ceil(dim / 8)]: bit i of a row
  /// is bit i % 8 of byte i / 8. Requires: every row byte is at most 127; |query[i]| <=
  /// max_wide_query(dim).
  void (*dot_u8)(const std::int16_t* query, const std::uint8_t* rows, const std::uint8_t* planes,
                 std::size_t dim, const std::uint32_t* picks, std::size_t count,
                 std::int32_t* out) noexcept;

  /// sum(query[i] * row[i]) over four-bit codes, exact. A row begins every `stride` bytes; byte j
  /// of its 16-byte group g holds the codes of dimensions 32 g + j (low half) and 32 g + 16 + j.
  /// Requires: dim is a multiple of 32, at most 131,072; `query` is [dim], -127..127.
  void (*dot_u4)(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
                 std::size_t dim, const std::uint32_t* picks, std::size_t count,
                 std::int32_t* out) noexcept;

  /// sum(q[i] * u[i]), exact, of a query of six bits in two's complement and codes of few bits,
  /// both as planes of one bit per dimension, lowest first: `query` is [kQueryPlanes x
  /// plane_bytes], a row [planes x plane_bytes] and begins every `stride` bytes. Requires:
  /// plane_bytes is a multiple of 8, at most 1,024.
  void (*dot_bits)(const std::uint8_t* query, const std::uint8_t* rows, std::size_t stride,
                   std::size_t plane_bytes, std::size_t planes, const std::uint32_t* picks,
                   std::size_t count, std::int32_t* out) noexcept;

  /// Sums of table entries, exact: two for each byte j of a row, tables[32 j + its low half] and
  /// tables[32 j + 16 + its high half]. `tables` is [2 x stride x 16], a row begins every `stride`
  /// bytes. Requires: stride <= 4,096.
  void (*sum_nibbles)(const std::uint8_t* tables, const std::uint8_t* rows, std::size_t stride,
                      const std::uint32_t* picks, std::size_t count, std::int32_t* out) noexcept;

  /// The Walsh-Hadamard transform in place, without a scale. Requires: size is a power of two.
  void (*fwht)(float* values, std::size_t size) noexcept;
};

/// The largest magnitude of a 16-bit query at which dot_u8 cannot overflow: 32,767 up to 257
/// dimensions.
constexpr std::int32_t max_wide_query(std::size_t dim) noexcept {
  const std::size_t limit = dim == 0 ? 32767 : 2147483647u / 255u / dim;
  return static_cast<std::int32_t>(limit < 32767 ? limit : 32767);
}

/// The table of `isa`, or null when it is not available here. Tests compare them all.
[[nodiscard]] const Kernels* kernels_for(Isa isa) noexcept;

/// The table of best_isa(), chosen at the first call.
[[nodiscard]] const Kernels& best_kernels() noexcept;

}  // namespace corsac::math

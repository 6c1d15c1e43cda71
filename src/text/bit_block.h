// 128 small numbers in as few bits as the largest needs. Number i lies in lane i % 4, as in
// SIMD-BP128 (Lemire & Boytsov, "Decoding billions of integers per second through vectorization",
// SPE 2015), so that four are unpacked by each step.
#pragma once

#include <cstddef>
#include <cstdint>

namespace corsac::text {

/// Bytes that 128 numbers of `bits` bits take.
constexpr std::size_t packed_bytes(std::uint32_t bits) noexcept { return bits * 16u; }

/// Bits that the largest of 128 numbers needs, 0..32.
std::uint32_t bits_needed(const std::uint32_t* values) noexcept;

/// Writes packed_bytes(bits) bytes. Requires: bits_needed(values) <= bits <= 32.
void pack_block(const std::uint32_t* values, std::uint32_t bits, std::byte* out) noexcept;
/// Reads packed_bytes(bits) bytes. Requires: bits <= 32.
void unpack_block(const std::byte* in, std::uint32_t bits, std::uint32_t* values) noexcept;

}  // namespace corsac::text

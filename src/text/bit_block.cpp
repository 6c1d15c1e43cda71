#include "text/bit_block.h"

#include <bit>
#include <cassert>
#include <cstring>

namespace corsac::text {
namespace {

constexpr std::size_t kLanes = 4, kRows = 32, kRowBytes = kLanes * sizeof(std::uint32_t);

struct Row {
  std::uint32_t lane[kLanes];
};

Row load(const std::byte* at) noexcept {
  Row row;
  std::memcpy(&row, at, kRowBytes);
  return row;
}

}  // namespace

std::uint32_t bits_needed(const std::uint32_t* values) noexcept {
  std::uint32_t all = 0;
  for (std::size_t i = 0; i < kRows * kLanes; ++i) all |= values[i];
  return static_cast<std::uint32_t>(std::bit_width(all));
}

void pack_block(const std::uint32_t* values, std::uint32_t bits, std::byte* out) noexcept {
  assert(bits_needed(values) <= bits && bits <= 32);
  Row word{};
  std::uint32_t used = 0;
  for (std::size_t row = 0; row < kRows && bits > 0; ++row) {
    const std::uint32_t* in = values + row * kLanes;
    for (std::size_t lane = 0; lane < kLanes; ++lane) word.lane[lane] |= in[lane] << used;
    used += bits;
    if (used < 32) continue;
    std::memcpy(out, &word, kRowBytes);
    out += kRowBytes;
    used -= 32;
    // What did not fit; a shift by 32 is undefined.
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      word.lane[lane] = used == 0 ? 0 : in[lane] >> (bits - used);
  }
}

void unpack_block(const std::byte* in, std::uint32_t bits, std::uint32_t* values) noexcept {
  assert(bits <= 32);
  if (bits == 0) {
    std::memset(values, 0, kRows * kRowBytes);
    return;
  }
  const std::uint32_t mask = bits == 32 ? ~0u : (1u << bits) - 1;
  Row word = load(in);
  std::uint32_t used = 0;
  for (std::size_t row = 0; row < kRows; ++row, values += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      values[lane] = (word.lane[lane] >> used) & mask;
    used += bits;
    if (used < 32 || row + 1 == kRows) continue;
    in += kRowBytes;
    used -= 32;
    if (used > 0) {  // The row goes on in the next word.
      word = load(in);
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        values[lane] |= (word.lane[lane] << (bits - used)) & mask;
    } else {
      word = load(in);
    }
  }
}

}  // namespace corsac::text

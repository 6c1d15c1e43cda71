// Deterministic bytes and texts for tests: the same seed gives the same on every platform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"

namespace corsac::test {

/// Bytes without any pattern: no codec makes them smaller.
inline Bytes random_bytes(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  Bytes out(count);
  for (std::byte& b : out) b = static_cast<std::byte>(random.next() >> 56);
  return out;
}

/// Words of a small vocabulary: compresses about as prose does. Exactly `count` bytes.
inline std::string random_text(std::size_t count, std::uint64_t seed) {
  constexpr std::string_view kSyllables[] = {"fox",  "cor",  "sac",   "step",  "den",
                                             "hare", "wind", "grass", "night", "é"};
  Random random(seed);
  std::string out;
  while (out.size() < count) {
    for (std::uint64_t left = 1 + random.below(3); left > 0; --left)
      out += kSyllables[random.below(std::size(kSyllables))];
    out += ' ';
  }
  out.resize(count, '.');
  // Never half a character at the end.
  if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.back() = '.';
  return out;
}

}  // namespace corsac::test

// Memory that is about to be read, asked for ahead. Natively a prefetch; WebAssembly has none, so
// there one word of every line is really loaded: a search spends most of its time waiting for rows,
// and rows that are fetched together are fetched almost for the price of one.
#pragma once

#include <cstddef>

namespace corsac::math {

/// Bytes of a row worth asking for: a float row streams by itself once it is begun.
inline constexpr std::size_t kTouchFloatBytes = 128;
inline constexpr std::size_t kTouchCodeBytes = 512;

/// Requires: [p, p + bytes) is readable.
[[gnu::always_inline]] inline void touch(const void* p, std::size_t bytes) noexcept {
  const char* line = static_cast<const char*>(p);
  for (std::size_t at = 0; at < bytes; at += 64) {
#if defined(__wasm__)
    (void)*static_cast<const volatile char*>(line + at);
#else
    __builtin_prefetch(line + at);
#endif
  }
}

}  // namespace corsac::math

// XXH3 (Yann Collet, xxHash specification): 64 bits for frames, 128 for blobs and roots. Detects
// damage, not malice.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace corsac {

struct Checksum128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const Checksum128&, const Checksum128&) = default;
};

[[nodiscard]] std::uint64_t checksum64(ByteView bytes, std::uint64_t seed = 0) noexcept;
/// Of `head` followed by `body`, without joining them.
[[nodiscard]] std::uint64_t checksum64(ByteView head, ByteView body, std::uint64_t seed) noexcept;
[[nodiscard]] Checksum128 checksum128(ByteView bytes) noexcept;

}  // namespace corsac

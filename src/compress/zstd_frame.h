// One Zstandard frame (RFC 8878), level 3, with its content checksum left out: whoever stores it
// has one.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::compress {

/// At least `least` bytes: a shorter frame is followed by a skippable frame of zeros, which every
/// Zstandard decoder passes over. So the largest expansion that a reader must believe in is the
/// writer's choice.
Bytes zstd_encode(ByteView raw, std::size_t least);
/// Exactly out.size() bytes from exactly the whole of `stored`. Fails with: Corrupt.
Status zstd_decode(ByteView stored, std::span<std::byte> out);

}  // namespace corsac::compress

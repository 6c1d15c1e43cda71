// One gzip member (RFC 1952), level 6. The header carries no time and no operating system, so equal
// input gives equal bytes everywhere.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::compress {

Bytes gzip_encode(ByteView raw);
/// Exactly out.size() bytes from exactly the whole of `stored`. Fails with: Corrupt.
Status gzip_decode(ByteView stored, std::span<std::byte> out);

}  // namespace corsac::compress

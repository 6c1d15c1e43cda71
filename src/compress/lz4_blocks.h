// LZ4 blocks (github.com/lz4/lz4, doc/lz4_Block_format.md), each of 4 MiB of input and the last of
// what is left, each after its stored length as a u32. Pieces keep the working memory and every
// length small.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::compress {

Bytes lz4_encode(ByteView raw);
/// Exactly out.size() bytes from exactly the whole of `stored`. Fails with: Corrupt.
Status lz4_decode(ByteView stored, std::span<std::byte> out);

}  // namespace corsac::compress

// Gives back what ChunkWriter was given, from pieces of any size; nothing unverified comes out.
#pragma once

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/result.h"

namespace corsac::storage {

class ChunkReader {
 public:
  /// Takes the next bytes of the blob and adds what they complete to `out`. Never holds more than
  /// one chunk. Fails with: Corrupt, UnsupportedFormat.
  Status feed(ByteView bytes, Bytes& out);
  /// The whole blob was fed: nothing is left over and it is what the root names. Fails with:
  /// Corrupt.
  Status finish(const Checksum128& chain) const;

 private:
  // Of the chunk that `bytes` begins with: how long it is, or 0 when it is not all there.
  Result<std::size_t> take_chunk(ByteView bytes, Bytes& out);

  Bytes pending_;  // the start of a chunk
  Checksum128 chain_;
};

}  // namespace corsac::storage

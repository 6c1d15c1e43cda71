// Turns raw bytes into chunks. Bytes that do not shrink by an eighth are stored as they are, and
// then the attempt is made for every sixteenth chunk only.
#pragma once

#include "base/bytes.h"
#include "base/checksum.h"
#include "compress/codec.h"

namespace corsac::storage {

class ChunkWriter {
 public:
  /// `chain`: of the chunks that the blob has already.
  explicit ChunkWriter(compress::Codec codec, const Checksum128& chain = {})
      : codec_(codec), chain_(chain) {}

  /// One chunk. Requires: 0 < raw.size() <= kMaxChunkRaw.
  Bytes encode(ByteView raw);
  const Checksum128& chain() const noexcept { return chain_; }
  /// Whether any chunk was stored compressed.
  bool compressed() const noexcept { return compressed_; }

 private:
  compress::Codec codec_;
  Checksum128 chain_;
  bool compressed_ = false;
  unsigned skip_ = 0;
};

}  // namespace corsac::storage

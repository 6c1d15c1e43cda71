// How is a section's content laid out in a blob? As chunks, each compressed and checksummed by
// itself, so that neither writing nor reading needs more than one of them in memory; a blob can
// grow by further chunks.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/checksum.h"

namespace corsac::storage {

inline constexpr std::size_t kChunkHeaderBytes = 32;
/// A whole chunk fits into one effect of 1 MiB, whatever its codec.
inline constexpr std::size_t kMaxChunkRaw = (std::size_t{1} << 20) - 64;

namespace chunk_field {
inline constexpr std::size_t kChecksum = 0, kStoredBytes = 16, kRawBytes = 20, kCodec = 24,
                             kReserved = 25;
}
static_assert(chunk_field::kStoredBytes == sizeof(Checksum128));
static_assert(chunk_field::kReserved + 7 == kChunkHeaderBytes);
static_assert(kChunkHeaderBytes + kMaxChunkRaw <= std::size_t{1} << 20);

/// The checksum of a growing sequence: what the root keeps of a blob. Starts at zero.
inline Checksum128 extend_chain(const Checksum128& chain, const Checksum128& next) {
  ByteWriter joined;
  for (const std::uint64_t half : {chain.low, chain.high, next.low, next.high}) joined.put(half);
  return checksum128(joined.view());
}

}  // namespace corsac::storage

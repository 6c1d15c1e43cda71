// How small are these bytes? gzip (zlib), lz4 and zstd behind one face.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::compress {

/// Numbered for ever: these numbers are in files.
enum class Codec : std::uint8_t { None = 0, Gzip = 1, Lz4 = 2, Zstd = 3 };

std::string_view name(Codec codec) noexcept;
/// Fails with: InvalidArgument naming what was given and what is accepted.
Result<Codec> codec_named(std::string_view name);

/// The codec with this number in a file. Fails with: UnsupportedFormat naming it.
Result<Codec> codec_numbered(std::uint64_t number);

/// Levels: gzip 6, zstd 3, lz4 default. Deterministic, and always decodable by the rule of
/// decode().
Bytes encode(Codec codec, ByteView raw);
/// Requires nothing of `stored`: the output is exactly `raw_size` bytes or an error, and never more
/// memory than that. A claim above 1 MiB must be within the codec's largest ratio (gzip 1,032, lz4
/// 255, zstd 1,024), so what a stored byte can make this allocate is bounded.
/// Fails with: Corrupt (damage, another size than claimed, an impossible claim), UnsupportedFormat
/// for an unknown codec number.
Result<Bytes> decode(Codec codec, ByteView stored, std::uint64_t raw_size);

}  // namespace corsac::compress

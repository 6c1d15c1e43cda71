#include "compress/codec.h"

#include <algorithm>
#include <limits>
#include <string>

#include "compress/gzip.h"
#include "compress/lz4_blocks.h"
#include "compress/zstd_frame.h"

namespace corsac::compress {
namespace {

// Below this a claim is believed whatever the ratio: a megabyte is no attack.
constexpr std::uint64_t kFreeBytes = std::uint64_t{1} << 20;

// How many bytes one stored byte can become. lz4 and gzip cannot do better by the design of their
// formats; zstd could, and its encoder is told not to.
constexpr std::uint64_t largest_ratio(Codec codec) noexcept {
  switch (codec) {
    case Codec::None: return 1;
    case Codec::Gzip: return 1032;
    case Codec::Lz4: return 255;
    case Codec::Zstd: return 1024;
  }
  return 0;
}

Status decode_into(Codec codec, ByteView stored, std::span<std::byte> out) {
  switch (codec) {
    case Codec::None: break;
    case Codec::Gzip: return gzip_decode(stored, out);
    case Codec::Lz4: return lz4_decode(stored, out);
    case Codec::Zstd: return zstd_decode(stored, out);
  }
  std::copy(stored.begin(), stored.end(), out.begin());
  return Done{};
}

}  // namespace

std::string_view name(Codec codec) noexcept {
  switch (codec) {
    case Codec::None: return "none";
    case Codec::Gzip: return "gzip";
    case Codec::Lz4: return "lz4";
    case Codec::Zstd: return "zstd";
  }
  return "unknown";
}

Result<Codec> codec_named(std::string_view given) {
  for (const Codec codec : {Codec::None, Codec::Gzip, Codec::Lz4, Codec::Zstd}) {
    if (name(codec) == given) return codec;
  }
  return Error{ErrorCode::InvalidArgument, "unknown compression \"" +
                                               std::string(given.substr(0, 64)) +
                                               "\", expected none, gzip, lz4 or zstd"};
}

Result<Codec> codec_numbered(std::uint64_t number) {
  if (number <= static_cast<std::uint64_t>(Codec::Zstd)) return static_cast<Codec>(number);
  return Error{ErrorCode::UnsupportedFormat,
               "unknown compression number " + std::to_string(number) + ", expected 0 to 3"};
}

Bytes encode(Codec codec, ByteView raw) {
  switch (codec) {
    case Codec::None: break;
    case Codec::Gzip: return gzip_encode(raw);
    case Codec::Lz4: return lz4_encode(raw);
    case Codec::Zstd: {
      const std::size_t least = raw.size() > kFreeBytes ? raw.size() / largest_ratio(codec) + 1 : 0;
      return zstd_encode(raw, least);
    }
  }
  return Bytes(raw.begin(), raw.end());
}

Result<Bytes> decode(Codec codec, ByteView stored, std::uint64_t raw_size) {
  const Result<Codec> known = codec_numbered(static_cast<std::uint64_t>(codec));
  if (!known) return known.error();
  const bool exact = codec == Codec::None;
  const bool possible =
      exact ? raw_size == stored.size()
            : raw_size <= kFreeBytes || raw_size / largest_ratio(codec) <= stored.size();
  if (!possible || raw_size > std::numeric_limits<std::size_t>::max() / 2) {
    return Error{ErrorCode::Corrupt, std::to_string(stored.size()) + " bytes of " +
                                         std::string(name(codec)) + " data cannot hold the " +
                                         std::to_string(raw_size) + " bytes claimed"};
  }
  Bytes out(static_cast<std::size_t>(raw_size));
  const Status status = decode_into(codec, stored, out);
  if (!status) return status.error();
  return out;
}

}  // namespace corsac::compress

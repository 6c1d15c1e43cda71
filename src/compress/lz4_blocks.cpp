#include "compress/lz4_blocks.h"

#include <algorithm>
#include <cassert>

#include <lz4.h>

namespace corsac::compress {
namespace {

constexpr std::size_t kBlock = std::size_t{4} << 20;

char* chars(std::byte* bytes) noexcept { return reinterpret_cast<char*>(bytes); }
const char* chars(const std::byte* bytes) noexcept { return reinterpret_cast<const char*>(bytes); }

}  // namespace

Bytes lz4_encode(ByteView raw) {
  Bytes out;
  while (!raw.empty()) {
    const ByteView block = raw.first(std::min(raw.size(), kBlock));
    raw = raw.subspan(block.size());
    const int bound = LZ4_compressBound(static_cast<int>(block.size()));
    const std::size_t start = out.size() + sizeof(std::uint32_t);
    out.resize(start + static_cast<std::size_t>(bound));
    const int size = LZ4_compress_default(chars(block.data()), chars(out.data() + start),
                                          static_cast<int>(block.size()), bound);
    assert(size > 0);
    const auto length = static_cast<std::uint32_t>(size);
    std::memcpy(out.data() + start - sizeof length, &length, sizeof length);
    out.resize(start + length);
  }
  return out;
}

Status lz4_decode(ByteView stored, std::span<std::byte> out) {
  ByteReader reader(stored);
  while (!out.empty()) {
    const std::span<std::byte> block = out.first(std::min(out.size(), kBlock));
    out = out.subspan(block.size());
    const ByteView input = reader.take(reader.get<std::uint32_t>());
    if (!reader.ok() || input.size() > static_cast<std::size_t>(LZ4_compressBound(kBlock))) {
      return Error{ErrorCode::Corrupt, "lz4 data ends too early"};
    }
    const int size =
        LZ4_decompress_safe(chars(input.data()), chars(block.data()),
                            static_cast<int>(input.size()), static_cast<int>(block.size()));
    if (size < 0) return Error{ErrorCode::Corrupt, "lz4 data is damaged"};
    if (static_cast<std::size_t>(size) != block.size()) {
      return Error{ErrorCode::Corrupt, "lz4 data holds less than it claims"};
    }
  }
  if (!reader.finished())
    return Error{ErrorCode::Corrupt, "lz4 data is followed by something else"};
  return Done{};
}

}  // namespace corsac::compress

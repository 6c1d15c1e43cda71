#include "compress/zstd_frame.h"

#include <algorithm>
#include <cstdlib>

#include <zstd.h>

namespace corsac::compress {
namespace {

constexpr int kLevel = 3;

void append_skippable(Bytes& out, std::size_t size) {
  constexpr std::size_t kHeader = 2 * sizeof(std::uint32_t);
  ByteWriter header;
  header.put(std::uint32_t{ZSTD_MAGIC_SKIPPABLE_START});
  header.put(static_cast<std::uint32_t>(std::max(size, kHeader) - kHeader));
  out.insert(out.end(), header.view().begin(), header.view().end());
  out.resize(out.size() + std::max(size, kHeader) - kHeader);
}

}  // namespace

Bytes zstd_encode(ByteView raw, std::size_t least) {
  Bytes out(ZSTD_compressBound(raw.size()));
  const std::size_t size = ZSTD_compress(out.data(), out.size(), raw.data(), raw.size(), kLevel);
  // With room for the worst case only a lack of memory is left to fail.
  if (ZSTD_isError(size) != 0) std::abort();
  out.resize(size);
  if (size < least) append_skippable(out, least - size);
  return out;
}

Status zstd_decode(ByteView stored, std::span<std::byte> out) {
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) != 0) {
    return Error{ErrorCode::Corrupt,
                 std::string("zstd data is damaged: ") + ZSTD_getErrorName(size)};
  }
  if (size != out.size()) return Error{ErrorCode::Corrupt, "zstd data holds less than it claims"};
  return Done{};
}

}  // namespace corsac::compress

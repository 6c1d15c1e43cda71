#include "compress/gzip.h"

#include <algorithm>
#include <cstdlib>

#include <zlib.h>

namespace corsac::compress {
namespace {

constexpr int kLevel = 6;
constexpr int kGzipWindow = 15 + 16;  // the largest window, with a gzip header and trailer
constexpr int kUnknownSystem = 255;
constexpr std::size_t kPiece = std::size_t{1} << 30;  // zlib counts in 32 bits

// zlib reads only, but says so only under a macro.
Bytef* input(ByteView bytes, std::size_t at) noexcept {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data())) + at;
}

uInt piece(std::size_t left) noexcept { return static_cast<uInt>(std::min(left, kPiece)); }

Error corrupt(const char* what) { return {ErrorCode::Corrupt, std::string("gzip data ") + what}; }

}  // namespace

Bytes gzip_encode(ByteView raw) {
  z_stream stream{};
  // Only a lack of memory makes these fail, and that ends every other allocation here as well.
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    std::abort();
  gz_header header{};
  header.os = kUnknownSystem;
  deflateSetHeader(&stream, &header);

  Bytes out(1024 + raw.size() / 2);
  std::size_t read = 0;
  std::size_t written = 0;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (written == out.size()) out.resize(out.size() * 2);
    stream.next_in = input(raw, read);
    stream.avail_in = piece(raw.size() - read);
    stream.next_out = reinterpret_cast<Bytef*>(out.data()) + written;
    stream.avail_out = piece(out.size() - written);
    const uInt in = stream.avail_in;
    const uInt room = stream.avail_out;
    state = deflate(&stream, read + in == raw.size() ? Z_FINISH : Z_NO_FLUSH);
    read += in - stream.avail_in;
    written += room - stream.avail_out;
  }
  deflateEnd(&stream);
  out.resize(written);
  return out;
}

Status gzip_decode(ByteView stored, std::span<std::byte> out) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) std::abort();
  std::byte nowhere{};  // zlib wants an address even for no bytes at all
  std::size_t read = 0;
  std::size_t written = 0;
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_in = input(stored, read);
    stream.avail_in = piece(stored.size() - read);
    stream.next_out = reinterpret_cast<Bytef*>(out.empty() ? &nowhere : out.data() + written);
    stream.avail_out = piece(out.size() - written);
    const uInt in = stream.avail_in;
    const uInt room = stream.avail_out;
    state = inflate(&stream, Z_NO_FLUSH);
    read += in - stream.avail_in;
    written += room - stream.avail_out;
  }
  inflateEnd(&stream);
  if (state == Z_BUF_ERROR)
    return corrupt(read == stored.size() ? "ends too early" : "holds more than it claims");
  if (state != Z_STREAM_END) return corrupt("is damaged");
  if (read != stored.size()) return corrupt("is followed by something else");
  if (written != out.size()) return corrupt("holds less than it claims");
  return Done{};
}

}  // namespace corsac::compress

#include "storage/chunk_writer.h"

#include <algorithm>
#include <cassert>

#include "storage/chunk_format.h"

namespace corsac::storage {
namespace {

constexpr unsigned kSkipAfterFailure = 15;

}  // namespace

Bytes ChunkWriter::encode(ByteView raw) {
  assert(!raw.empty() && raw.size() <= kMaxChunkRaw);
  auto codec = compress::Codec::None;
  Bytes packed;
  if (codec_ != compress::Codec::None && skip_ == 0) {
    packed = compress::encode(codec_, raw);
    if (packed.size() <= raw.size() - raw.size() / 8) {
      codec = codec_;
    } else {
      skip_ = kSkipAfterFailure;
    }
  } else if (skip_ > 0) {
    --skip_;
  }
  const ByteView stored = codec == compress::Codec::None ? raw : ByteView(packed);
  ByteWriter out;
  out.put(std::uint64_t{0});
  out.put(std::uint64_t{0});
  out.put(static_cast<std::uint32_t>(stored.size()));
  out.put(static_cast<std::uint32_t>(raw.size()));
  out.put(codec);
  out.pad_to(kChunkHeaderBytes);
  out.append(stored);
  const Checksum128 checksum = checksum128(out.view().subspan(chunk_field::kStoredBytes));
  out.overwrite(chunk_field::kChecksum, checksum.low);
  out.overwrite(chunk_field::kChecksum + 8, checksum.high);
  chain_ = extend_chain(chain_, checksum);
  compressed_ = compressed_ || codec != compress::Codec::None;
  return std::move(out).take();
}

}  // namespace corsac::storage

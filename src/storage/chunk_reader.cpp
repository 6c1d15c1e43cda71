#include "storage/chunk_reader.h"

#include <string>

#include "compress/codec.h"
#include "storage/chunk_format.h"

namespace corsac::storage {
namespace {

struct ChunkHeader {
  Checksum128 checksum;
  std::uint32_t stored_bytes = 0;
  std::uint32_t raw_bytes = 0;
  compress::Codec codec = compress::Codec::None;
};

Result<ChunkHeader> read_header(ByteView bytes) {
  ByteReader reader(bytes);
  ChunkHeader header;
  header.checksum.low = reader.get<std::uint64_t>();
  header.checksum.high = reader.get<std::uint64_t>();
  header.stored_bytes = reader.get<std::uint32_t>();
  header.raw_bytes = reader.get<std::uint32_t>();
  header.codec = reader.get<compress::Codec>();
  if (header.raw_bytes == 0 || header.raw_bytes > kMaxChunkRaw ||
      header.stored_bytes > header.raw_bytes) {
    return Error{ErrorCode::Corrupt, "a chunk claims " + std::to_string(header.stored_bytes) +
                                         " bytes for " + std::to_string(header.raw_bytes) +
                                         ", at most " + std::to_string(kMaxChunkRaw) +
                                         " are possible"};
  }
  return header;
}

}  // namespace

Status ChunkReader::feed(ByteView bytes, Bytes& out) {
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
  ByteView rest = pending_;
  while (rest.size() >= kChunkHeaderBytes) {
    const Result<ChunkHeader> header = read_header(rest.first(kChunkHeaderBytes));
    if (!header) return header.error();
    const std::size_t whole = kChunkHeaderBytes + header->stored_bytes;
    if (rest.size() < whole) break;
    if (checksum128(rest.first(whole).subspan(chunk_field::kStoredBytes)) != header->checksum) {
      return Error{ErrorCode::Corrupt,
                   "a chunk of " + std::to_string(whole) + " bytes fails its checksum"};
    }
    const ByteView stored = rest.first(whole).subspan(kChunkHeaderBytes);
    const Result<Bytes> raw = compress::decode(header->codec, stored, header->raw_bytes);
    if (!raw) return raw.error();
    out.insert(out.end(), raw->begin(), raw->end());
    chain_ = extend_chain(chain_, header->checksum);
    rest = rest.subspan(whole);
  }
  pending_.erase(pending_.begin(), pending_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  return Done{};
}

Status ChunkReader::finish(const Checksum128& chain) const {
  if (!pending_.empty()) {
    return Error{ErrorCode::Corrupt,
                 "a blob ends inside a chunk (" + std::to_string(pending_.size()) + " bytes over)"};
  }
  if (chain != chain_)
    return Error{ErrorCode::Corrupt, "a blob is not the one that its root names"};
  return Done{};
}

}  // namespace corsac::storage

#include "storage/chunk_reader.h"

#include <algorithm>
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
  // A chunk that was cut is completed; what follows is read where it is.
  while (!pending_.empty() && !bytes.empty()) {
    std::size_t whole = kChunkHeaderBytes;
    if (pending_.size() >= kChunkHeaderBytes) {
      const Result<ChunkHeader> header = read_header(ByteView(pending_).first(kChunkHeaderBytes));
      if (!header) return header.error();
      whole += header->stored_bytes;
    }
    const ByteView more = bytes.first(std::min(bytes.size(), whole - pending_.size()));
    pending_.insert(pending_.end(), more.begin(), more.end());
    bytes = bytes.subspan(more.size());
    const Result<std::size_t> used = take_chunk(pending_, out);
    if (!used) return used.error();
    if (*used > 0) pending_.clear();
  }
  while (!bytes.empty()) {
    const Result<std::size_t> used = take_chunk(bytes, out);
    if (!used) return used.error();
    if (*used == 0) break;
    bytes = bytes.subspan(*used);
  }
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
  return Done{};
}

Result<std::size_t> ChunkReader::take_chunk(ByteView bytes, Bytes& out) {
  if (bytes.size() < kChunkHeaderBytes) return std::size_t{0};
  const Result<ChunkHeader> header = read_header(bytes.first(kChunkHeaderBytes));
  if (!header) return header.error();
  const std::size_t whole = kChunkHeaderBytes + header->stored_bytes;
  if (bytes.size() < whole) return std::size_t{0};
  if (checksum128(bytes.first(whole).subspan(chunk_field::kStoredBytes)) != header->checksum) {
    return Error{ErrorCode::Corrupt,
                 "a chunk of " + std::to_string(whole) + " bytes fails its checksum"};
  }
  const ByteView stored = bytes.first(whole).subspan(kChunkHeaderBytes);
  if (header->codec == compress::Codec::None && header->stored_bytes == header->raw_bytes) {
    out.insert(out.end(), stored.begin(), stored.end());
  } else {
    const Result<Bytes> raw = compress::decode(header->codec, stored, header->raw_bytes);
    if (!raw) return raw.error();
    out.insert(out.end(), raw->begin(), raw->end());
  }
  chain_ = extend_chain(chain_, header->checksum);
  return whole;
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

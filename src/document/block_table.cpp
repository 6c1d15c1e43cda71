#include "document/block_table.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>

namespace corsac::document {
namespace {

constexpr std::uint32_t kVersion = 1;

std::uint64_t end_of(const BlockEntry& entry) noexcept {
  return entry.offset + entry.stored_length;
}

Status check(const BlockEntry& entry, std::uint64_t offset, std::uint64_t first) {
  const Result<compress::Codec> codec = compress::codec_numbered(entry.codec);
  if (!codec) return codec.error();
  if (entry.offset != offset || entry.first != first || entry.count == 0 || entry.reserved != 0 ||
      entry.count > std::numeric_limits<Ordinal>::max() - first) {
    return Error{ErrorCode::Corrupt, "the document block at byte " + std::to_string(entry.offset) +
                                         " with ordinals from " + std::to_string(entry.first) +
                                         " does not follow the one before it"};
  }
  return Done{};
}

}  // namespace

Result<BlockTable> BlockTable::parse(ByteView section, std::uint64_t documents_length) {
  BlockTable out;
  ByteReader reader(section);
  if (!section.empty()) {
    const auto version = reader.get<std::uint32_t>();
    const auto reserved = reader.get<std::uint32_t>();
    if (version > kVersion) {
      return Error{ErrorCode::UnsupportedFormat,
                   "document blocks of version " + std::to_string(version) +
                       ", this library knows up to " + std::to_string(kVersion)};
    }
    if (!reader.ok() || version == 0 || reserved != 0)
      return Error{ErrorCode::Corrupt, "the document block table has no header"};
  }
  while (reader.remaining() > 0) {
    BlockEntry entry;
    const ByteView bytes = reader.take(sizeof entry);
    if (!reader.ok())
      return Error{ErrorCode::Corrupt, "the document block table ends inside an entry"};
    std::memcpy(&entry, bytes.data(), sizeof entry);
    const Status status = check(entry, out.stored_bytes(), out.documents());
    if (!status) return status.error();
    out.entries_.push_back(entry);
  }
  if (out.stored_bytes() != documents_length) {
    return Error{ErrorCode::Corrupt, "document blocks of " + std::to_string(out.stored_bytes()) +
                                         " bytes are listed, " + std::to_string(documents_length) +
                                         " are stored"};
  }
  return out;
}

void BlockTable::append(BlockEntry entry) {
  assert(entry.count > 0);
  entry.offset = stored_bytes();
  entry.first = documents();
  entries_.push_back(entry);
}

Ordinal BlockTable::documents() const noexcept {
  return entries_.empty() ? 0 : entries_.back().first + entries_.back().count;
}

std::uint64_t BlockTable::stored_bytes() const noexcept {
  return entries_.empty() ? 0 : end_of(entries_.back());
}

std::uint32_t BlockTable::block_of(Ordinal ordinal) const noexcept {
  assert(ordinal < documents());
  const auto after = std::upper_bound(
      entries_.begin(), entries_.end(), ordinal,
      [](Ordinal wanted, const BlockEntry& entry) { return wanted < entry.first; });
  return static_cast<std::uint32_t>(after - entries_.begin() - 1);
}

Bytes BlockTable::tail(std::size_t from) const {
  ByteWriter out;
  if (from == entries_.size()) return {};
  if (from == 0) {
    out.put(kVersion);
    out.put(std::uint32_t{0});
  }
  out.append(std::as_bytes(std::span(entries_).subspan(from)));
  return std::move(out).take();
}

}  // namespace corsac::document

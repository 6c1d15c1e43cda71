#include "storage/piece_checks.h"

#include <algorithm>
#include <string>

#include "storage/chunk_format.h"

namespace corsac::storage {
namespace {

constexpr std::size_t kPieceRowBytes = 12;

Error corrupt(std::string message) { return {ErrorCode::Corrupt, std::move(message)}; }

}  // namespace

Result<PieceChecks> PieceChecks::decode(ByteView section) {
  PieceChecks out;
  ByteReader reader(section);
  while (reader.remaining() > 0) {
    const auto id = reader.get<SectionId>();
    reader.get<std::uint16_t>();
    const auto count = reader.get<std::uint32_t>();
    if (count > reader.remaining() / kPieceRowBytes)
      return corrupt("the table of piece checksums is cut short");
    std::vector<Piece>& pieces = out.pieces_[id];
    if (!pieces.empty())
      return corrupt("a section is listed twice in the table of piece checksums");
    std::uint64_t end = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto length = reader.get<std::uint32_t>();
      if (length == 0 || length > kMaxPieceBytes)
        return corrupt("a piece of " + std::to_string(length) + " bytes");
      end += length;
      pieces.push_back({end, reader.get<std::uint64_t>()});
    }
  }
  if (!reader.ok()) return corrupt("the table of piece checksums is cut short");
  return out;
}

Bytes PieceChecks::encode() const {
  ByteWriter out;
  for (const auto& [id, pieces] : pieces_) {
    out.put(id);
    out.put(std::uint16_t{0});
    out.put(static_cast<std::uint32_t>(pieces.size()));
    std::uint64_t begin = 0;
    for (const Piece& piece : pieces) {
      out.put(static_cast<std::uint32_t>(piece.end - begin));
      out.put(piece.checksum);
      begin = piece.end;
    }
  }
  return std::move(out).take();
}

void PieceChecks::append(SectionId id, ByteView tail) {
  while (!tail.empty()) {
    const ByteView piece = tail.first(std::min(tail.size(), kMaxPieceBytes));
    const std::uint64_t end = length(id) + piece.size();
    pieces_[id].push_back({end, checksum64(piece)});
    tail = tail.subspan(piece.size());
  }
}

std::uint64_t PieceChecks::length(SectionId id) const noexcept {
  const auto found = pieces_.find(id);
  return found == pieces_.end() || found->second.empty() ? 0 : found->second.back().end;
}

std::size_t PieceChecks::piece_at(SectionId id, std::uint64_t offset) const {
  const std::vector<Piece>& pieces = pieces_.at(id);
  const auto found = std::ranges::upper_bound(pieces, offset, {}, &Piece::end);
  return static_cast<std::size_t>(found - pieces.begin());
}

std::optional<Checksum128> PieceChecks::chain(SectionId id, const Range& range) const {
  Checksum128 chain;
  if (range.begin == range.end) return chain;
  if (range.end > length(id)) return std::nullopt;
  const std::vector<Piece>& pieces = pieces_.at(id);
  std::size_t i = piece_at(id, range.begin);
  std::uint64_t at = i == 0 ? 0 : pieces[i - 1].end;
  if (at != range.begin) return std::nullopt;
  for (; at < range.end; ++i) {
    chain = extend_chain(chain, {.low = pieces[i].checksum, .high = pieces[i].end - at});
    at = pieces[i].end;
  }
  if (at != range.end) return std::nullopt;
  return chain;
}

PieceChecks::Range PieceChecks::cover(SectionId id, const Range& range) const {
  const std::vector<Piece>& pieces = pieces_.at(id);
  const std::size_t first = piece_at(id, range.begin);
  const std::size_t last = piece_at(id, range.end - 1);
  return {first == 0 ? 0 : pieces[first - 1].end, pieces[last].end};
}

Status PieceChecks::check(SectionId id, std::uint64_t begin, ByteView bytes) const {
  if (bytes.empty()) return Done{};
  if (bytes.size() > length(id) || begin > length(id) - bytes.size()) {
    return corrupt("bytes past the end of section " + std::to_string(static_cast<unsigned>(id)));
  }
  const std::vector<Piece>& pieces = pieces_.at(id);
  std::size_t i = piece_at(id, begin);
  std::uint64_t at = begin;
  if (at != (i == 0 ? 0 : pieces[i - 1].end)) return corrupt("a piece was not read from its start");
  while (!bytes.empty()) {
    if (bytes.size() < pieces[i].end - at) return corrupt("a piece was read short");
    const auto length = static_cast<std::size_t>(pieces[i].end - at);
    if (checksum64(bytes.first(length)) != pieces[i].checksum) {
      return corrupt("section " + std::to_string(static_cast<unsigned>(id)) +
                     " fails a checksum at offset " + std::to_string(at));
    }
    bytes = bytes.subspan(length);
    at = pieces[i++].end;
  }
  return Done{};
}

}  // namespace corsac::storage

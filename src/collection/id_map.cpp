#include "collection/id_map.h"

#include <cassert>
#include <string>

#include "base/checksum.h"
#include "base/utf8.h"
#include "collection/operation.h"

namespace corsac::collection {
namespace {

using IdLength = std::uint16_t;
static_assert(kMaxIdBytes <= 0xFFFF);

constexpr std::size_t kSmallestTable = 16;

}  // namespace

std::string_view IdMap::id(Ordinal ordinal) const noexcept {
  assert(ordinal < ends_.size());
  const std::size_t start = (ordinal == 0 ? 0 : ends_[ordinal - 1]) + sizeof(IdLength);
  return as_text(ByteView(arena_).subspan(start, ends_[ordinal] - start));
}

std::uint32_t IdMap::tag_of(std::string_view id) noexcept {
  return static_cast<std::uint32_t>(checksum64(as_byte_view(id)));
}

std::size_t IdMap::place_of(std::string_view wanted, std::uint32_t tag) const noexcept {
  const std::size_t mask = table_.size() - 1;
  std::size_t at = tag & mask;
  for (; table_[at].ordinal != kNoOrdinal; at = (at + 1) & mask) {
    if (table_[at].tag == tag && id(table_[at].ordinal) == wanted) break;
  }
  return at;
}

std::optional<Ordinal> IdMap::find(std::string_view wanted) const noexcept {
  if (table_.empty()) return std::nullopt;
  const Place& place = table_[place_of(wanted, tag_of(wanted))];
  if (place.ordinal == kNoOrdinal) return std::nullopt;
  return place.ordinal;
}

Ordinal IdMap::append(std::string_view id) {
  assert(!id.empty() && id.size() <= kMaxIdBytes);
  grow_for(live_ + 1);
  const std::uint32_t tag = tag_of(id);
  Place& place = table_[place_of(id, tag)];
  if (place.ordinal == kNoOrdinal) ++live_;
  const auto ordinal = static_cast<Ordinal>(ends_.size());
  const auto length = static_cast<IdLength>(id.size());
  const ByteView prefix = std::as_bytes(std::span(&length, 1));
  arena_.insert(arena_.end(), prefix.begin(), prefix.end());
  const ByteView bytes = as_byte_view(id);
  arena_.insert(arena_.end(), bytes.begin(), bytes.end());
  ends_.push_back(arena_.size());
  place = {tag, ordinal};
  return ordinal;
}

void IdMap::erase(Ordinal ordinal) noexcept {
  const std::string_view gone = id(ordinal);
  const std::size_t mask = table_.size() - 1;
  std::size_t hole = place_of(gone, tag_of(gone));
  assert(table_[hole].ordinal == ordinal);
  // Backward shift: whatever probed past the hole moves into it, so no tombstones are needed.
  for (std::size_t at = (hole + 1) & mask; table_[at].ordinal != kNoOrdinal; at = (at + 1) & mask) {
    const std::size_t home = table_[at].tag & mask;
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    table_[hole] = table_[at];
    hole = at;
  }
  table_[hole] = {};
  --live_;
}

void IdMap::grow_for(std::size_t live) {
  if (live * 4 <= table_.size() * 3) return;
  std::size_t size = table_.empty() ? kSmallestTable : table_.size() * 2;
  while (live * 4 > size * 3) size *= 2;
  std::vector<Place> old(size);
  old.swap(table_);
  const std::size_t mask = size - 1;
  for (const Place& place : old) {
    if (place.ordinal == kNoOrdinal) continue;
    std::size_t at = place.tag & mask;
    while (table_[at].ordinal != kNoOrdinal) at = (at + 1) & mask;
    table_[at] = place;
  }
}

Result<IdMap> IdMap::load(const SectionSource& source, std::size_t ordinals,
                          const Bitset& deleted) {
  assert(deleted.size() == ordinals);
  const ByteView stored = source.section(SectionId::Ids);
  const auto corrupt = [](std::string what) {
    return Error{ErrorCode::Corrupt, "section ids: " + std::move(what)};
  };
  if (ordinals > stored.size() / (sizeof(IdLength) + 1)) {
    return corrupt(std::to_string(stored.size()) + " bytes cannot hold " +
                   std::to_string(ordinals) + " ids");
  }
  IdMap out;
  out.arena_.assign(stored.begin(), stored.end());
  out.ends_.reserve(ordinals);
  out.grow_for(ordinals - deleted.count());
  ByteReader reader(stored);
  for (Ordinal ordinal = 0; ordinal < ordinals; ++ordinal) {
    const std::size_t length = reader.get<IdLength>();
    const std::string_view id = as_text(reader.take(length));
    if (!reader.ok() || id.empty() || id.size() > kMaxIdBytes || !is_valid_utf8(id)) {
      return corrupt("the id of ordinal " + std::to_string(ordinal) + " of " +
                     std::to_string(length) + " bytes is damaged");
    }
    out.ends_.push_back(stored.size() - reader.remaining());
    if (deleted.test(ordinal)) continue;
    const std::uint32_t tag = tag_of(id);
    Place& place = out.table_[out.place_of(id, tag)];
    if (place.ordinal != kNoOrdinal) {
      return corrupt("ordinals " + std::to_string(place.ordinal) + " and " +
                     std::to_string(ordinal) + " have the same id");
    }
    place = {tag, ordinal};
    ++out.live_;
  }
  if (!reader.finished()) return corrupt(std::to_string(reader.remaining()) + " bytes too many");
  out.saved_bytes_ = out.arena_.size();
  return out;
}

void IdMap::save(SectionSink& sink) {
  sink.append(SectionId::Ids, ByteView(arena_).subspan(saved_bytes_));
  saved_bytes_ = arena_.size();
}

std::uint64_t IdMap::bytes() const noexcept {
  return arena_.capacity() + ends_.capacity() * sizeof(std::size_t) +
         table_.capacity() * sizeof(Place);
}

}  // namespace corsac::collection

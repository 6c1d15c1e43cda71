#include "collection/slot_table.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "collection/operation.h"

namespace corsac::collection {

static_assert(sizeof(SlotRange) == 8, "rows are stored as they are in memory");

void SlotTable::append_new(std::uint32_t count) {
  const auto first = static_cast<Slot>(owners_.size());
  owners_.resize(owners_.size() + count);
  append(count == 0 ? SlotRange{} : SlotRange{first, count});
}

void SlotTable::append_kept(SlotRange slots) {
  assert(slots.count == 0 || slots.first + slots.count <= owners_.size());
  append(slots);
}

void SlotTable::append(SlotRange range) {
  const auto ordinal = static_cast<Ordinal>(rows_.size());
  identity_ = identity_ && range == SlotRange{ordinal, 1};
  rows_.push_back(range);
  for (std::uint32_t i = 0; i < range.count; ++i) owners_[range.first + i] = ordinal;
}

Bitset SlotTable::slots_of(const Bitset& ordinals) const {
  assert(ordinals.size() == rows_.size());
  if (identity_) return ordinals;
  Bitset out(owners_.size());
  ordinals.for_each([&](std::size_t ordinal) {
    const SlotRange range = rows_[ordinal];
    for (std::uint32_t i = 0; i < range.count; ++i) out.set(range.first + i);
  });
  return out;
}

Result<SlotTable> SlotTable::load(const SectionSource& source, std::size_t ordinals,
                                  std::size_t slots, const Bitset& deleted) {
  const auto corrupt = [](std::string what) {
    return Error{ErrorCode::Corrupt, "section slots: " + std::move(what)};
  };
  const ByteView stored = source.section(SectionId::Slots);
  if (stored.size() % sizeof(SlotRange) != 0 || stored.size() / sizeof(SlotRange) != ordinals) {
    return corrupt(std::to_string(stored.size()) + " bytes are not " + std::to_string(ordinals) +
                   " rows");
  }
  // Every slot was made by some row, so there are never more slots than what the rows name.
  ByteReader reader(stored);
  std::uint64_t named = 0;
  for (std::size_t i = 0; i < ordinals; ++i) {
    reader.get<Slot>();
    const auto count = reader.get<std::uint32_t>();
    if (count > kMaxVectorsPerDocument)
      return corrupt("ordinal " + std::to_string(i) + " has " + std::to_string(count) + " slots");
    named += count;
  }
  if (slots > named)
    return corrupt(std::to_string(slots) + " vectors, but the rows name " + std::to_string(named));

  SlotTable out;
  out.rows_.reserve(ordinals);
  out.owners_.assign(slots, kNoOrdinal);
  reader = ByteReader(stored);
  for (Ordinal ordinal = 0; ordinal < ordinals; ++ordinal) {
    const SlotRange range{reader.get<Slot>(), reader.get<std::uint32_t>()};
    const bool none = range == SlotRange{};
    if (!none && (range.count == 0 || range.first > slots || range.count > slots - range.first)) {
      return corrupt("ordinal " + std::to_string(ordinal) + " has " + std::to_string(range.count) +
                     " slots from " + std::to_string(range.first) + " of " + std::to_string(slots));
    }
    for (std::uint32_t i = 0; i < range.count; ++i) {
      const Ordinal before = out.owners_[range.first + i];
      if (before != kNoOrdinal && !deleted.test(before)) {
        return corrupt("slot " + std::to_string(range.first + i) + " belongs to ordinals " +
                       std::to_string(before) + " and " + std::to_string(ordinal));
      }
    }
    out.append(range);
  }
  const auto orphan = std::find(out.owners_.begin(), out.owners_.end(), kNoOrdinal);
  if (orphan != out.owners_.end())
    return corrupt("slot " + std::to_string(orphan - out.owners_.begin()) + " belongs to nobody");
  out.saved_rows_ = ordinals;
  return out;
}

void SlotTable::save(SectionSink& sink) {
  sink.append(SectionId::Slots, std::as_bytes(std::span(rows_).subspan(saved_rows_)));
  saved_rows_ = rows_.size();
}

std::uint64_t SlotTable::bytes() const noexcept {
  return rows_.capacity() * sizeof(SlotRange) + owners_.capacity() * sizeof(Ordinal);
}

}  // namespace corsac::collection

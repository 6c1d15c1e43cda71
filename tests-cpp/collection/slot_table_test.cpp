#include "collection/slot_table.h"

#include <gtest/gtest.h>

#include "support/sections.h"

namespace corsac::collection {
namespace {

TEST(SlotTable, DocumentsWithOneVectorEachAreTheIdentity) {
  SlotTable table;
  table.append_new(1);
  table.append_new(1);
  EXPECT_TRUE(table.is_identity());
  EXPECT_EQ(table.of(1), (SlotRange{1, 1}));
  table.append_new(0);
  EXPECT_FALSE(table.is_identity());
  EXPECT_EQ(table.of(2), SlotRange{});
  EXPECT_EQ(table.slots(), 2u);
}

TEST(SlotTable, TheLastDocumentThatTakesASlotOverOwnsIt) {
  SlotTable table;
  table.append_new(1);
  table.append_new(1);
  table.append_kept(table.of(0));
  EXPECT_EQ(std::vector(table.owners().begin(), table.owners().end()),
            (std::vector<Ordinal>{2, 1}));
  Bitset wanted(3);
  wanted.set(2);
  const Bitset slots = table.slots_of(wanted);
  EXPECT_EQ(slots.size(), 2u);
  EXPECT_TRUE(slots.test(0));
  EXPECT_EQ(slots.count(), 1u);
}

TEST(SlotTable, LoadingWhatWasSavedInTwoTailsIsTheIdentity) {
  SlotTable table;
  test::MemorySections sections;
  table.append_new(1);
  table.append_new(0);
  table.save(sections);
  table.append_new(2);
  table.append_kept(table.of(0));
  table.save(sections);
  Bitset deleted(4);
  deleted.set(0);
  const auto loaded = SlotTable::load(sections, 4, 3, deleted);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  for (Ordinal ordinal = 0; ordinal < 4; ++ordinal)
    EXPECT_EQ(loaded->of(ordinal), table.of(ordinal));
  EXPECT_EQ(std::vector(loaded->owners().begin(), loaded->owners().end()),
            std::vector(table.owners().begin(), table.owners().end()));
  EXPECT_FALSE(loaded->is_identity());
}

TEST(SlotTable, SectionsThatContradictThemselvesAreCorrupt) {
  struct Case {
    std::vector<std::uint32_t> rows;
    std::size_t slots;
    const char* message;
  };
  const Case cases[] = {
      {{0, 1, 1}, 2, "section slots: 12 bytes are not 2 rows"},
      {{0, 1}, 1, "section slots: 8 bytes are not 2 rows"},
      {{0, 1, 2, 1}, 2, "section slots: ordinal 1 has 1 slots from 2 of 2"},
      {{0, 1, 4'000'000'000u, 1}, 2, "section slots: ordinal 1 has 1 slots from 4000000000 of 2"},
      {{0, 1, 1, 4'000'000'000u}, 2, "section slots: ordinal 1 has 4000000000 slots"},
      {{0, 1, 1, 0}, 1, "section slots: ordinal 1 has 0 slots from 1 of 1"},
      {{0, 1, 0, 1}, 1, "section slots: slot 0 belongs to ordinals 0 and 1"},
      {{0, 1, 0, 1}, 2, "section slots: slot 0 belongs to ordinals 0 and 1"},
      {{kNoSlot, 0, 1, 1}, 2, "section slots: 2 vectors, but the rows name 1"},
      {{1, 1, 1, 1}, 2, "section slots: slot 1 belongs to ordinals 0 and 1"},
  };
  for (const Case& each : cases) {
    test::MemorySections sections;
    sections.append(SectionId::Slots, std::as_bytes(std::span(each.rows)));
    const auto loaded = SlotTable::load(sections, 2, each.slots, Bitset(2));
    ASSERT_FALSE(loaded.has_value()) << each.message;
    EXPECT_EQ(loaded.error().code, ErrorCode::Corrupt);
    EXPECT_EQ(loaded.error().message, each.message);
  }
  test::MemorySections orphan;
  const std::vector<std::uint32_t> rows = {1, 1, 1, 1};
  orphan.append(SectionId::Slots, std::as_bytes(std::span(rows)));
  EXPECT_EQ(SlotTable::load(orphan, 2, 2, Bitset(2, true)).error().message,
            "section slots: slot 0 belongs to nobody");
}

}  // namespace
}  // namespace corsac::collection

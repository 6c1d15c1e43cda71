#include "document/block_table.h"

#include <gtest/gtest.h>

namespace corsac::document {
namespace {

BlockTable three_blocks() {
  BlockTable table;
  table.append({.checksum = 1, .stored_length = 100, .raw_length = 300, .count = 10, .codec = 2});
  table.append({.checksum = 2, .stored_length = 0, .raw_length = 0, .count = 1, .codec = 0});
  table.append({.checksum = 3, .stored_length = 50, .raw_length = 90, .count = 5, .codec = 3});
  return table;
}

// What a table of these bytes would fail with, if it fails.
ErrorCode code_of(const Bytes& section) {
  const auto table = BlockTable::parse(section, 150);
  EXPECT_FALSE(table.has_value());
  return table ? ErrorCode::NotFound : table.error().code;
}

TEST(BlockTable, PlacesBlocksOneBehindTheOther) {
  const BlockTable table = three_blocks();
  EXPECT_EQ(table[2].offset, 100u);
  EXPECT_EQ(table[2].first, 11u);
  EXPECT_EQ(table.documents(), 16u);
  EXPECT_EQ(table.stored_bytes(), 150u);
}

TEST(BlockTable, FindsTheBlockOfEveryOrdinal) {
  const BlockTable table = three_blocks();
  for (Ordinal i = 0; i < 16; ++i)
    EXPECT_EQ(table.block_of(i), i < 10 ? 0u : i < 11 ? 1u : 2u) << i;
}

TEST(BlockTable, TailsOneAfterTheOtherMakeTheSection) {
  const BlockTable table = three_blocks();
  EXPECT_TRUE(table.tail(3).empty());
  EXPECT_EQ(table.tail(2).size(), 40u);
  const auto read = BlockTable::parse(table.tail(0), 150);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  ASSERT_EQ(read->size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*read)[i], table[i]);
}

TEST(BlockTable, AnEmptySectionIsAnEmptyTable) { EXPECT_EQ(BlockTable::parse({}, 0)->size(), 0u); }

TEST(BlockTable, TruncationIsCorruptAtEveryLength) {
  const Bytes section = three_blocks().tail(0);
  for (std::size_t length = 0; length < section.size(); ++length) {
    EXPECT_EQ(code_of({section.begin(), section.begin() + static_cast<std::ptrdiff_t>(length)}),
              ErrorCode::Corrupt);
  }
}

TEST(BlockTable, AFlippedBitIsAnErrorOrLeavesTheShapeAsItWas) {
  const Bytes section = three_blocks().tail(0);
  for (std::size_t bit = 0; bit < section.size() * 8; ++bit) {
    Bytes damaged = section;
    damaged[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    const auto table = BlockTable::parse(damaged, 150);
    if (!table) continue;
    EXPECT_EQ(table->stored_bytes(), 150u) << bit;
    EXPECT_EQ(table->size(), 3u) << bit;
  }
}

TEST(BlockTable, BlocksThatDoNotAddUpToTheStoredBytesAreCorrupt) {
  EXPECT_EQ(BlockTable::parse(three_blocks().tail(0), 151).error().code, ErrorCode::Corrupt);
  EXPECT_EQ(BlockTable::parse({}, 1).error().code, ErrorCode::Corrupt);
}

TEST(BlockTable, NewerVersionsAndCodecsAreUnsupported) {
  Bytes section = three_blocks().tail(0);
  section[0] = std::byte{2};
  EXPECT_EQ(code_of(section), ErrorCode::UnsupportedFormat);
  BlockTable table;
  table.append({.checksum = 1, .stored_length = 150, .raw_length = 300, .count = 10, .codec = 4});
  EXPECT_EQ(code_of(table.tail(0)), ErrorCode::UnsupportedFormat);
}

}  // namespace
}  // namespace corsac::document

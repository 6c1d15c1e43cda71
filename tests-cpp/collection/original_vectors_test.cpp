#include "collection/original_vectors.h"

#include <gtest/gtest.h>

#include "support/sections.h"

namespace corsac::collection {
namespace {

void append(OriginalVectors& to, const std::vector<float>& rows) { to.append(rows); }

TEST(OriginalVectors, HalvesAreRoundedAtOnceAndKeptInHalfTheBytes) {
  OriginalVectors originals(2, Originals::F16);
  append(originals, {1.0002f, -2, 1e6f, 0.5f});
  EXPECT_EQ(originals.bytes(), 8u);
  std::vector<float> row(2), again(2);
  ASSERT_TRUE(originals.copy(0, row));
  EXPECT_EQ(row, (std::vector<float>{1, -2}));
  ASSERT_TRUE(originals.copy(1, row));
  EXPECT_EQ(row, (std::vector<float>{65504, 0.5f}));
  test::MemorySections sections;
  originals.save(sections);
  const ByteView saved = sections.section(SectionId::Originals);
  ASSERT_EQ(saved.size(), 8u);
  read_original(saved.subspan(4), Originals::F16, again);
  EXPECT_EQ(again, row);
}

TEST(OriginalVectors, AVectorIsInMemoryUntilItIsSaved) {
  OriginalVectors originals(2);
  append(originals, {1, 2, 3, 4});
  append(originals, {});
  append(originals, {5, 6});
  EXPECT_EQ(originals.slots(), 3u);
  EXPECT_EQ(originals.bytes(), 24u);
  std::vector<float> row(2);
  ASSERT_TRUE(originals.copy(1, row));
  EXPECT_EQ(row, (std::vector<float>{3, 4}));
  ASSERT_TRUE(originals.copy(2, row));
  EXPECT_EQ(row, (std::vector<float>{5, 6}));

  test::MemorySections sections;
  originals.save(sections);
  EXPECT_EQ(originals.bytes(), 0u);
  EXPECT_FALSE(originals.copy(1, row));
  append(originals, {7, 8});
  ASSERT_TRUE(originals.copy(3, row));
  EXPECT_EQ(row, (std::vector<float>{7, 8}));
  originals.save(sections);
  const float all[] = {1, 2, 3, 4, 5, 6, 7, 8};
  const ByteView expected = std::as_bytes(std::span(all));
  EXPECT_EQ(sections.bytes(SectionId::Originals), Bytes(expected.begin(), expected.end()));
}

TEST(OriginalVectors, AfterOpeningTheSavedOnesAreElsewhere) {
  OriginalVectors originals(2, Originals::F32, 5);
  std::vector<float> row(2);
  EXPECT_EQ(originals.slots(), 5u);
  EXPECT_FALSE(originals.copy(4, row));
  append(originals, {1, 2});
  EXPECT_TRUE(originals.copy(5, row));
}

}  // namespace
}  // namespace corsac::collection

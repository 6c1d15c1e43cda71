#include "collection/original_vectors.h"

#include <gtest/gtest.h>

#include "support/sections.h"

namespace corsac::collection {
namespace {

TEST(OriginalVectors, AVectorIsInMemoryUntilItIsSaved) {
  OriginalVectors originals(2);
  originals.append({1, 2, 3, 4});
  originals.append({});
  originals.append({5, 6});
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
  originals.append({7, 8});
  ASSERT_TRUE(originals.copy(3, row));
  EXPECT_EQ(row, (std::vector<float>{7, 8}));
  originals.save(sections);
  const float all[] = {1, 2, 3, 4, 5, 6, 7, 8};
  const ByteView expected = std::as_bytes(std::span(all));
  EXPECT_EQ(sections.bytes(SectionId::Originals), Bytes(expected.begin(), expected.end()));
}

TEST(OriginalVectors, AfterOpeningTheSavedOnesAreElsewhere) {
  OriginalVectors originals(2, 5);
  std::vector<float> row(2);
  EXPECT_EQ(originals.slots(), 5u);
  EXPECT_FALSE(originals.copy(4, row));
  originals.append({1, 2});
  EXPECT_TRUE(originals.copy(5, row));
}

}  // namespace
}  // namespace corsac::collection

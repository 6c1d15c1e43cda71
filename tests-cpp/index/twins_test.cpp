#include "index/twins.h"

#include <gtest/gtest.h>

#include "codec/f32_codes.h"
#include "support/vectors.h"

namespace corsac::index {
namespace {

TEST(Twins, HangOnTheirRepresentativeUntilAllAreRemoved) {
  Twins twins;
  twins.grow(10);
  twins.join(2, 5);
  twins.join(2, 8);
  EXPECT_EQ(std::vector<Slot>(twins.others(2).begin(), twins.others(2).end()),
            (std::vector<Slot>{5, 8}));
  EXPECT_TRUE(twins.others(3).empty());
  EXPECT_EQ(twins.representative_of(8), 2u);
  EXPECT_EQ(twins.representative_of(3), 3u);
  EXPECT_EQ(twins.remove(2), 2u);
  EXPECT_EQ(twins.remove(2), 1u);
  EXPECT_EQ(twins.remove(2), 0u);
  twins.dissolve(2);
  EXPECT_TRUE(twins.others(2).empty());
  EXPECT_EQ(twins.representative_of(5), 5u);
}

TEST(Twins, ComeBackFromTheirBytes) {
  Twins twins;
  twins.grow(10);
  twins.join(2, 5);
  twins.join(0, 6);
  twins.join(2, 8);
  ByteWriter out;
  twins.encode(out);
  ByteReader in(out.view());
  Bitset nodes(10, true), removed(10);
  for (const std::size_t twin : {5u, 6u, 8u}) nodes.reset(twin);
  removed.set(5);
  const auto read = Twins::decode(nodes, removed, in);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->others(2).size(), 2u);
  EXPECT_EQ(read->live(2), 2u);
  EXPECT_EQ(read->live(0), 2u);
  EXPECT_EQ(read->joined(), 3u);
}

TEST(TwinTable, FindsTheFirstSlotOfEachCode) {
  constexpr std::size_t kDimension = 6;
  codec::F32Codes codes(Metric::Dot, kDimension);
  const auto vectors = test::random_vectors(300, kDimension, 1);
  codes.append(vectors);
  codes.append(vectors);
  TwinTable table;
  const auto never = [](Slot) { return false; };
  for (Slot slot = 0; slot < 300; ++slot) EXPECT_EQ(table.find_or_put(codes, slot, never), kNoSlot);
  for (Slot slot = 300; slot < 600; ++slot)
    EXPECT_EQ(table.find_or_put(codes, slot, never), slot - 300);
  EXPECT_EQ(table.find_or_put(codes, 305, [](Slot slot) { return slot == 5; }), kNoSlot)
      << "takes the place of a gone one";
  EXPECT_EQ(table.find_or_put(codes, 5, never), 305u);
}

}  // namespace
}  // namespace corsac::index

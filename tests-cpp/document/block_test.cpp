#include "document/block.h"

#include <gtest/gtest.h>

namespace corsac::document {
namespace {

OpenBlock three_documents() {
  OpenBlock block;
  block.add("fox", "{\"a\":1}");
  block.add(std::nullopt, std::nullopt);
  block.add("", "{}");
  return block;
}

template <class Block>
void expect_three_documents(const Block& block) {
  EXPECT_EQ(block.read(0).content, "fox");
  EXPECT_EQ(block.read(0).metadata, "{\"a\":1}");
  EXPECT_FALSE(block.read(1).has_content);
  EXPECT_FALSE(block.read(1).has_metadata);
  EXPECT_TRUE(block.read(2).has_content);
  EXPECT_EQ(block.read(2).content, "");
  EXPECT_EQ(block.read(2).metadata, "{}");
}

TEST(Block, IsReadWhileOpenAndAfterDecoding) {
  const OpenBlock open = three_documents();
  EXPECT_EQ(open.count(), 3u);
  EXPECT_EQ(open.encode().size(), open.raw_bytes());
  expect_three_documents(open);
  const auto decoded = DecodedBlock::parse(open.encode(), 3);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  expect_three_documents(*decoded);
}

TEST(Block, ClearingForgetsEverything) {
  OpenBlock open = three_documents();
  open.clear();
  EXPECT_EQ(open.count(), 0u);
  EXPECT_EQ(open.raw_bytes(), 0u);
}

TEST(Block, TruncationIsCorruptAtEveryLength) {
  const Bytes raw = three_documents().encode();
  for (std::size_t length = 0; length < raw.size(); ++length) {
    const auto block =
        DecodedBlock::parse({raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(length)}, 3);
    ASSERT_FALSE(block.has_value()) << length;
    EXPECT_EQ(block.error().code, ErrorCode::Corrupt);
  }
}

TEST(Block, EveryFlippedBitIsAnErrorOrAReadableBlock) {
  const Bytes raw = three_documents().encode();
  for (std::size_t bit = 0; bit < raw.size() * 8; ++bit) {
    Bytes damaged = raw;
    damaged[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    const auto block = DecodedBlock::parse(damaged, 3);
    if (!block) continue;
    std::size_t read = 0;
    for (std::size_t i = 0; i < 3; ++i)
      read += block->read(i).content.size() + block->read(i).metadata.size();
    EXPECT_EQ(read + 3 * 8, raw.size()) << bit;
  }
}

TEST(Block, MoreDocumentsThanBytesIsCorruptAndAllocatesNothing) {
  EXPECT_EQ(DecodedBlock::parse(Bytes(100), 0xFFFFFFFFu).error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace corsac::document

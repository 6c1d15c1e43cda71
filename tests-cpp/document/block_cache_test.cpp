#include "document/block_cache.h"

#include <gtest/gtest.h>

namespace corsac::document {
namespace {

DecodedBlock block_of(std::size_t bytes) {
  OpenBlock open;
  open.add(std::string(bytes, 'x'), std::nullopt);
  return *DecodedBlock::parse(open.encode(), 1);
}

TEST(BlockCache, TheLeastRecentlyUsedBlockGoesFirst) {
  BlockCache cache(2'500);
  for (std::uint32_t block = 0; block < 2; ++block) cache.insert(block, block_of(1'000));
  cache.begin_request();
  ASSERT_NE(cache.touch(0), nullptr);
  cache.begin_request();
  cache.insert(2, block_of(1'000));
  cache.trim();
  EXPECT_NE(cache.peek(0), nullptr);
  EXPECT_EQ(cache.peek(1), nullptr);
  EXPECT_NE(cache.peek(2), nullptr);
  EXPECT_LE(cache.bytes(), 2'500u);
}

TEST(BlockCache, BlocksOfThePresentRequestStayBeyondTheBudget) {
  BlockCache cache(1);
  cache.begin_request();
  for (std::uint32_t block = 0; block < 5; ++block) cache.insert(block, block_of(1'000));
  cache.trim();
  for (std::uint32_t block = 0; block < 5; ++block) EXPECT_NE(cache.peek(block), nullptr);
  cache.begin_request();
  cache.trim();
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(BlockCache, LookingChangesNothing) {
  BlockCache cache(1);
  cache.insert(0, block_of(1'000));
  cache.begin_request();
  EXPECT_NE(cache.peek(0), nullptr);
  cache.trim();
  EXPECT_EQ(cache.peek(0), nullptr);
}

}  // namespace
}  // namespace corsac::document

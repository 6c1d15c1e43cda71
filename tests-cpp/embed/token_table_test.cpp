#include "embed/token_table.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace corsac::embed {
namespace {

/// Two tokens of four numbers: (-7, 0, 1, 7) x 0.5 and (1, 2, 3, 4) x scale.
Bytes two_rows(float scale) {
  ByteWriter out;
  out.put(0.5f);
  out.put(scale);
  for (const int byte : {1 | 9 << 4, 8 | 15 << 4, 9 | 11 << 4, 10 | 12 << 4})
    out.put(static_cast<std::uint8_t>(byte));
  return std::move(out).take();
}

TEST(TokenTable, AddsRowsTimesTheirScale) {
  const auto table = TokenTable::load(two_rows(2), 2, 4);
  ASSERT_TRUE(table);
  std::vector<float> sum(4, 1.0f);
  (*table).add_row(0, sum);
  EXPECT_EQ(sum, (std::vector<float>{-2.5f, 1, 1.5f, 4.5f}));
  (*table).add_row(1, sum);
  EXPECT_EQ(sum, (std::vector<float>{-0.5f, 5, 7.5f, 12.5f}));
}

TEST(TokenTable, RefusesAnotherLength) {
  const Bytes bytes = two_rows(1);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(TokenTable::load(ByteView(bytes).first(length), 2, 4)) << length;
  }
  EXPECT_FALSE(TokenTable::load(bytes, 1, 4));
  EXPECT_FALSE(TokenTable::load(bytes, 2, 6));
  EXPECT_FALSE(TokenTable::load(bytes, 0xFFFFFFFF, 8192));
}

TEST(TokenTable, RefusesScalesThatAreNoScales) {
  for (const float scale : {-1.0f, 2e6f, std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()}) {
    const auto table = TokenTable::load(two_rows(scale), 2, 4);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().message, "the scale of token 1 is not in 0 to 1e6");
  }
  EXPECT_TRUE(TokenTable::load(two_rows(0), 2, 4));
}

}  // namespace
}  // namespace corsac::embed

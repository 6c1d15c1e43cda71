#include "base/checksum.h"

#include <gtest/gtest.h>

#include "support/texts.h"

namespace corsac {
namespace {

TEST(Checksum, OfNothingIsWhatTheXxHashSpecificationSays) {
  EXPECT_EQ(checksum64({}), 0x2D06800538D394C2u);
  EXPECT_EQ(checksum128({}),
            (Checksum128{.low = 0x6001C324468D497Fu, .high = 0x99AA06D3014798D8u}));
}

// Every path of the algorithm: up to 16, 128, 240 bytes, one stripe block, many. The same natively
// and in wasm.
TEST(Checksum, OfEveryLengthIsTheSameOnEveryPlatform) {
  const Bytes bytes = test::random_bytes(3'000, 1);
  std::uint64_t all = 0;
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const ByteView part = ByteView(bytes).first(length);
    const Checksum128 wide = checksum128(part);
    all = (all * 31) ^ checksum64(part) ^ checksum64(part, length) ^ wide.low ^ (wide.high << 1);
  }
  EXPECT_EQ(all, 16792730747279992156u);
}

TEST(Checksum, InTwoPartsIsTheOneOfTheWhole) {
  const Bytes bytes = test::random_bytes(1'000, 2);
  for (std::size_t cut = 0; cut <= bytes.size(); cut += 37) {
    EXPECT_EQ(checksum64(ByteView(bytes).first(cut), ByteView(bytes).subspan(cut), 7),
              checksum64(bytes, 7));
  }
}

TEST(Checksum, ChangesWithEveryBitAndWithTheSeed) {
  Bytes bytes = test::random_bytes(100, 3);
  const std::uint64_t before = checksum64(bytes);
  const Checksum128 wide = checksum128(bytes);
  EXPECT_NE(checksum64(bytes, 1), before);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    EXPECT_NE(checksum64(bytes), before);
    EXPECT_NE(checksum128(bytes), wide);
    bytes[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  }
}

}  // namespace
}  // namespace corsac

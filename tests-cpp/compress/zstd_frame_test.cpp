#include "compress/zstd_frame.h"

#include <gtest/gtest.h>

#include "support/texts.h"

namespace corsac::compress {
namespace {

TEST(ZstdFrame, StartsWithTheMagicNumberOfItsFormat) {
  const Bytes stored = zstd_encode(as_byte_view("corsac"), 0);
  EXPECT_EQ(ByteReader(stored).get<std::uint32_t>(), 0xFD2FB528u);  // RFC 8878, 3.1.1
}

TEST(ZstdFrame, IsAtLeastAsLongAsAskedFor) {
  const Bytes raw(100'000);
  const std::size_t shortest = zstd_encode(raw, 0).size();
  ASSERT_LT(shortest, 100u);
  for (std::size_t least = 0; least < shortest + 40; ++least) {
    const Bytes stored = zstd_encode(raw, least);
    EXPECT_GE(stored.size(), least);
    EXPECT_LE(stored.size(), std::max(shortest, least + 8))
        << "the header of a skippable frame is 8 bytes";
    Bytes out(raw.size(), std::byte{1});
    ASSERT_TRUE(zstd_decode(stored, out).has_value()) << least;
    EXPECT_EQ(out, raw);
  }
}

TEST(ZstdFrame, ManySmallFramesCannotGrowBeyondTheRoomGiven) {
  const Bytes one = zstd_encode(Bytes(100'000), 0);
  Bytes bomb;
  for (int i = 0; i < 50; ++i) bomb.insert(bomb.end(), one.begin(), one.end());
  Bytes out(100'000);
  EXPECT_EQ(zstd_decode(bomb, out).error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace corsac::compress

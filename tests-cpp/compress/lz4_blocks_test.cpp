#include "compress/lz4_blocks.h"

#include <gtest/gtest.h>

#include "support/texts.h"

namespace corsac::compress {
namespace {

constexpr std::size_t kBlock = std::size_t{4} << 20;

TEST(Lz4Blocks, NothingIsStoredAsNothing) {
  EXPECT_TRUE(lz4_encode({}).empty());
  EXPECT_TRUE(lz4_decode({}, {}).has_value());
}

TEST(Lz4Blocks, ReadsABlockMadeByHand) {
  // lz4_Block_format: token 0x31 = 3 literals, match of 1 + 4 at offset 3; then the last literals.
  const unsigned char block[] = {0x31, 'f', 'o', 'x', 3,   0,   0x80, 'g',
                                 'r',  'a', 's', 's', ' ', 'o', 'k'};
  ByteWriter stored;
  stored.put(static_cast<std::uint32_t>(sizeof block));
  stored.append(std::as_bytes(std::span(block)));
  Bytes out(16);
  const Status status = lz4_decode(stored.view(), out);
  ASSERT_TRUE(status.has_value()) << status.error().message;
  EXPECT_EQ(as_text(out), "foxfoxfograss ok");
}

TEST(Lz4Blocks, EveryFourMegabytesStartANewBlock) {
  for (const std::size_t size : {kBlock - 1, kBlock, kBlock + 1, 2 * kBlock, 2 * kBlock + 1}) {
    const std::string raw = test::random_text(size, size);
    const Bytes stored = lz4_encode(as_byte_view(raw));
    std::size_t blocks = 0;
    for (ByteReader reader(stored); reader.remaining() > 0; ++blocks)
      reader.take(reader.get<std::uint32_t>());
    EXPECT_EQ(blocks, (size + kBlock - 1) / kBlock) << size;
    Bytes out(size);
    ASSERT_TRUE(lz4_decode(stored, out).has_value()) << size;
    EXPECT_EQ(as_text(out), raw) << size;
  }
}

TEST(Lz4Blocks, ALengthBeyondTheBytesIsRefused) {
  Bytes stored = lz4_encode(as_byte_view("corsac"));
  stored[3] = std::byte{0xFF};
  Bytes out(6);
  EXPECT_EQ(lz4_decode(stored, out).error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace corsac::compress

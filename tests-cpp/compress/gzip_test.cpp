#include "compress/gzip.h"

#include <gtest/gtest.h>

#include "support/texts.h"

namespace corsac::compress {
namespace {

TEST(Gzip, TheHeaderNamesNeitherATimeNorASystem) {
  const Bytes stored = gzip_encode(as_byte_view("corsac"));
  ByteReader reader(stored);
  EXPECT_EQ(reader.get<std::uint16_t>(), 0x8B1F);  // RFC 1952, 2.3.1: identification
  EXPECT_EQ(reader.get<std::uint8_t>(), 8);        // deflate
  EXPECT_EQ(reader.get<std::uint8_t>(), 0);        // no flags
  EXPECT_EQ(reader.get<std::uint32_t>(), 0u);      // no time
  reader.get<std::uint8_t>();
  EXPECT_EQ(reader.get<std::uint8_t>(), 255);  // unknown system
}

TEST(Gzip, ReadsWhatAnotherProgramWrote) {
  // "fox" in a stored deflate block, made by hand after RFC 1951 and 1952.
  const unsigned char written[] = {0x1F, 0x8B, 8,   0,   0,   0,    0,    0,    0,    3, 1, 3, 0,
                                   0xFC, 0xFF, 'f', 'o', 'x', 0xE6, 0xE0, 0xA0, 0x0F, 3, 0, 0, 0};
  Bytes out(3);
  const Status status = gzip_decode(std::as_bytes(std::span(written)), out);
  ASSERT_TRUE(status.has_value()) << status.error().message;
  EXPECT_EQ(as_text(out), "fox");
}

TEST(Gzip, SaysInWhichWayTheDataIsWrong) {
  const Bytes stored = gzip_encode(as_byte_view(test::random_text(5'000, 1)));
  Bytes exact(5'000);
  Bytes small(4'000);
  Bytes large(6'000);
  EXPECT_EQ(gzip_decode(ByteView(stored).first(stored.size() - 9), exact).error().message,
            "gzip data ends too early");
  EXPECT_EQ(gzip_decode(stored, small).error().message, "gzip data holds more than it claims");
  EXPECT_EQ(gzip_decode(stored, large).error().message, "gzip data holds less than it claims");
  EXPECT_EQ(gzip_decode(as_byte_view("not gzip at all"), exact).error().message,
            "gzip data is damaged");
}

TEST(Gzip, ItsOwnChecksumCatchesAChangedByte) {
  Bytes stored =
      gzip_encode(test::random_bytes(500, 2));  // stored as they are: no code tables to break
  stored[stored.size() / 2] ^= std::byte{1};
  Bytes out(500);
  EXPECT_EQ(gzip_decode(stored, out).error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace corsac::compress

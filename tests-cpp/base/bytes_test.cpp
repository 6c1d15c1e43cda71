#include "base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace corsac {
namespace {

enum class Colour : std::uint16_t { Red = 0x1234 };

Bytes everything() {
  ByteWriter out;
  out.put(std::uint8_t{0xAB});
  out.put(std::uint32_t{0x01020304});
  out.put(-2.5);
  out.put(Colour::Red);
  for (const std::uint64_t value :
       {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{300},
        std::numeric_limits<std::uint64_t>::max()}) {
    out.put_varint(value);
  }
  out.put_text("fox");
  out.put_text("");
  const std::uint16_t list[] = {1, 2, 3};
  out.put_all(std::span<const std::uint16_t>(list));
  return std::move(out).take();
}

void read_everything(ByteReader& in) {
  EXPECT_EQ(in.get<std::uint8_t>(), 0xAB);
  EXPECT_EQ(in.get<std::uint32_t>(), 0x01020304u);
  EXPECT_EQ(in.get<double>(), -2.5);
  EXPECT_EQ(in.get<Colour>(), Colour::Red);
  EXPECT_EQ(in.get_varint(), 0u);
  EXPECT_EQ(in.get_varint(), 127u);
  EXPECT_EQ(in.get_varint(), 128u);
  EXPECT_EQ(in.get_varint(), 300u);
  EXPECT_EQ(in.get_varint(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(in.get_text(), "fox");
  EXPECT_EQ(in.get_text(), "");
  EXPECT_EQ(in.get_all<std::uint16_t>(3), (std::vector<std::uint16_t>{1, 2, 3}));
}

TEST(Bytes, WhatIsWrittenIsRead) {
  const Bytes bytes = everything();
  ByteReader in(bytes);
  read_everything(in);
  EXPECT_TRUE(in.finished());
}

TEST(Bytes, NumbersStandLowByteFirst) {
  ByteWriter out;
  out.put(std::uint32_t{0x01020304});
  out.put_varint(300);
  EXPECT_EQ(as_text(out.view()), std::string_view("\x04\x03\x02\x01\xAC\x02", 6));
}

TEST(Bytes, AReaderThatRunsOutFailsAndYieldsZerosAtEveryLength) {
  const Bytes bytes = everything();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    ByteReader in(cut);
    for (int i = 0; i < 4; ++i) in.get<std::uint32_t>();
    for (int i = 0; i < 5; ++i) in.get_varint();
    in.get_text();
    in.get_all<std::uint16_t>(100);
    EXPECT_FALSE(in.ok()) << length;
    EXPECT_EQ(in.remaining(), 0u);
    EXPECT_EQ(in.get<std::uint64_t>(), 0u);
    EXPECT_TRUE(in.get_text().empty());
  }
}

TEST(Bytes, AHugeCountAllocatesNothing) {
  const Bytes bytes(16);
  ByteReader in(bytes);
  EXPECT_TRUE(in.get_all<double>(std::numeric_limits<std::size_t>::max() / 2).empty());
  EXPECT_FALSE(in.ok());
  ByteReader text(as_byte_view("\xFF\xFF\xFF\xFF"));
  EXPECT_TRUE(text.get_text().empty());
  EXPECT_FALSE(text.ok());
}

TEST(Bytes, AVarintLongerThanTenBytesFails) {
  const Bytes endless(20, std::byte{0xFF});
  ByteReader in(endless);
  EXPECT_EQ(in.get_varint(), 0u);
  EXPECT_FALSE(in.ok());
}

TEST(Bytes, PaddingAndOverwritingKeepTheRest) {
  ByteWriter out;
  out.put(std::uint32_t{1});
  out.put(std::uint8_t{2});
  out.pad_to(8);
  EXPECT_EQ(out.size(), 8u);
  out.pad_to(8);
  EXPECT_EQ(out.size(), 8u);
  out.overwrite(0, std::uint32_t{7});
  ByteReader in(out.view());
  EXPECT_EQ(in.get<std::uint32_t>(), 7u);
  EXPECT_EQ(in.get<std::uint8_t>(), 2u);
  EXPECT_FALSE(in.finished());
}

}  // namespace
}  // namespace corsac

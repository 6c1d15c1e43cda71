#include "compress/codec.h"

#include <gtest/gtest.h>

#include "support/texts.h"

namespace corsac::compress {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

class EveryCodec : public testing::TestWithParam<Codec> {};
INSTANTIATE_TEST_SUITE_P(Codecs, EveryCodec,
                         testing::Values(Codec::None, Codec::Gzip, Codec::Lz4, Codec::Zstd),
                         [](const auto& given) { return std::string(name(given.param)); });

Bytes text_bytes(std::size_t count, std::uint64_t seed) {
  const std::string text = test::random_text(count, seed);
  return {as_byte_view(text).begin(), as_byte_view(text).end()};
}

TEST_P(EveryCodec, GivesBackWhatItWasGivenAtEverySmallSize) {
  for (std::size_t size = 0; size < 300; ++size) {
    const Bytes raw = size % 2 == 0 ? text_bytes(size, size) : test::random_bytes(size, size);
    const auto back = decode(GetParam(), encode(GetParam(), raw), raw.size());
    ASSERT_TRUE(back.has_value()) << size << ": " << back.error().message;
    EXPECT_EQ(*back, raw) << size;
  }
}

TEST_P(EveryCodec, GivesBackLargeTextNoiseAndZeros) {
  for (const Bytes& raw :
       {text_bytes(5 * kMiB + 7, 1), test::random_bytes(5 * kMiB + 7, 2), Bytes(20 * kMiB)}) {
    const auto back = decode(GetParam(), encode(GetParam(), raw), raw.size());
    ASSERT_TRUE(back.has_value()) << back.error().message;
    EXPECT_EQ(*back, raw);
  }
}

TEST_P(EveryCodec, EncodesEqualInputToEqualBytes) {
  const Bytes raw = text_bytes(100'000, 3);
  EXPECT_EQ(encode(GetParam(), raw), encode(GetParam(), raw));
}

TEST_P(EveryCodec, ReportsAnotherSizeThanClaimed) {
  const Bytes raw = text_bytes(10'000, 4);
  const Bytes stored = encode(GetParam(), raw);
  for (const std::size_t claim : {std::size_t{0}, raw.size() - 1, raw.size() + 1, raw.size() * 2}) {
    const auto back = decode(GetParam(), stored, claim);
    ASSERT_FALSE(back.has_value()) << claim;
    EXPECT_EQ(back.error().code, ErrorCode::Corrupt) << claim;
  }
}

TEST_P(EveryCodec, SurvivesTruncationAtEveryLength) {
  const Bytes raw = text_bytes(2'000, 5);
  const Bytes stored = encode(GetParam(), raw);
  for (std::size_t length = 0; length < stored.size(); ++length) {
    // An exactly-sized block, so that AddressSanitizer sees one byte too many.
    const Bytes cut(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(decode(GetParam(), cut, raw.size()).has_value()) << length;
  }
}

TEST_P(EveryCodec, RefusesBytesAfterTheEnd) {
  const Bytes raw = text_bytes(2'000, 6);
  Bytes stored = encode(GetParam(), raw);
  stored.push_back(std::byte{0});
  EXPECT_FALSE(decode(GetParam(), stored, raw.size()).has_value());
}

TEST_P(EveryCodec, SurvivesEveryBitFlip) {
  const Bytes raw = text_bytes(600, 7);
  const Bytes stored = encode(GetParam(), raw);
  for (std::size_t bit = 0; bit < stored.size() * 8; ++bit) {
    Bytes damaged = stored;
    damaged[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    const auto back = decode(GetParam(), damaged, raw.size());
    if (back) {
      EXPECT_EQ(back->size(), raw.size()) << bit;
    } else {
      EXPECT_EQ(back.error().code, ErrorCode::Corrupt) << bit;
    }
  }
}

TEST_P(EveryCodec, SurvivesNoise) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Bytes noise = test::random_bytes(seed, seed);
    const auto back = decode(GetParam(), noise, 1'000);
    if (back) {
      EXPECT_EQ(back->size(), 1'000u);
    }
  }
}

TEST_P(EveryCodec, RefusesAClaimThatTheStoredBytesCannotHold) {
  const Bytes stored = encode(GetParam(), text_bytes(2'000, 8));
  for (const std::uint64_t claim :
       {std::uint64_t{1} << 31, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    const auto back = decode(GetParam(), stored, claim);
    ASSERT_FALSE(back.has_value());
    EXPECT_EQ(back.error().code, ErrorCode::Corrupt);
    EXPECT_NE(back.error().message.find(std::to_string(claim)), std::string::npos)
        << back.error().message;
  }
}

TEST(Codec, NamesAndNumbersAreStable) {
  EXPECT_EQ(static_cast<int>(Codec::None), 0);
  EXPECT_EQ(static_cast<int>(Codec::Gzip), 1);
  EXPECT_EQ(static_cast<int>(Codec::Lz4), 2);
  EXPECT_EQ(static_cast<int>(Codec::Zstd), 3);
  for (const Codec codec : {Codec::None, Codec::Gzip, Codec::Lz4, Codec::Zstd}) {
    EXPECT_EQ(*codec_named(name(codec)), codec);
    EXPECT_EQ(*codec_numbered(static_cast<std::uint64_t>(codec)), codec);
  }
}

TEST(Codec, AnUnknownNameIsRefusedWithTheNamesThatAre) {
  const auto codec = codec_named("brotli");
  ASSERT_FALSE(codec.has_value());
  EXPECT_EQ(codec.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(codec.error().message,
            "unknown compression \"brotli\", expected none, gzip, lz4 or zstd");
}

TEST(Codec, AnUnknownNumberIsAnUnsupportedFormat) {
  EXPECT_EQ(codec_numbered(4).error().code, ErrorCode::UnsupportedFormat);
  EXPECT_EQ(decode(static_cast<Codec>(200), Bytes(4), 4).error().code,
            ErrorCode::UnsupportedFormat);
}

TEST(Codec, TextGetsSmallerWithEveryCodec) {
  const Bytes raw = text_bytes(kMiB, 9);
  EXPECT_LT(encode(Codec::Lz4, raw).size(), raw.size() * 6 / 10);
  EXPECT_LT(encode(Codec::Gzip, raw).size(), raw.size() * 4 / 10);
  EXPECT_LT(encode(Codec::Zstd, raw).size(), raw.size() * 4 / 10);
}

}  // namespace
}  // namespace corsac::compress

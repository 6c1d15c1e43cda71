#include "base/utf8.h"

#include <gtest/gtest.h>

#include <vector>

namespace corsac {
namespace {

std::vector<char32_t> decoded(std::string_view text) {
  std::vector<char32_t> out;
  for (std::size_t at = 0; at < text.size();) out.push_back(next_code_point(text, at));
  return out;
}

constexpr char32_t kBad = kReplacement;

TEST(Utf8, EveryScalarValueComesBack) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, code_point);
    const std::size_t length = code_point < 0x80      ? 1
                               : code_point < 0x800   ? 2
                               : code_point < 0x10000 ? 3
                                                      : 4;
    std::size_t at = 0;
    const bool same = next_code_point(text, at) == code_point && at == text.size();
    ASSERT_TRUE(same && is_valid_utf8(text) && text.size() == length)
        << static_cast<std::uint32_t>(code_point);
  }
}

// The Unicode Standard, section 3.9, tables 3-8 to 3-11: replacement by maximal subparts.
TEST(Utf8, MalformedSequencesAreReplacedByTheirMaximalSubparts) {
  EXPECT_EQ(decoded("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
            (std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, kBad, kBad, kBad, 0x41}));
  EXPECT_EQ(decoded("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
            (std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, kBad, kBad, kBad, 0x41}));
  EXPECT_EQ(decoded("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
            (std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, 0x41, kBad, kBad, 0x42}));
  EXPECT_EQ(decoded("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
            (std::vector<char32_t>{kBad, kBad, kBad, kBad, 0x41}));
}

TEST(Utf8, OverlongFormsSurrogatesAndWhatLiesBeyondAreNotValid) {
  for (const std::string_view text :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\x80", "\xC3", "\xE2\x82",
        "\xF0\x9F\xA6"}) {
    EXPECT_FALSE(is_valid_utf8(text));
    EXPECT_EQ(valid_utf8_prefix(std::string("ok") + std::string(text)), 2u);
  }
}

TEST(Utf8, TheEdgesOfEachLengthAreValid) {
  for (const std::string_view text :
       {std::string_view("\x00", 1), std::string_view("\x7F"), std::string_view("\xC2\x80"),
        std::string_view("\xDF\xBF"), std::string_view("\xE0\xA0\x80"),
        std::string_view("\xED\x9F\xBF"), std::string_view("\xEE\x80\x80"),
        std::string_view("\xEF\xBF\xBF"), std::string_view("\xF0\x90\x80\x80"),
        std::string_view("\xF4\x8F\xBF\xBF"), std::string_view("")}) {
    EXPECT_TRUE(is_valid_utf8(text));
  }
  EXPECT_TRUE(is_valid_utf8("\xEF\xBF\xBD")) << "the replacement character itself";
}

TEST(Utf8, DecodingNeverReadsPastTheEndAndAlwaysMovesOn) {
  // Every pair of bytes at the end of an exactly-sized block.
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; b < 256; ++b) {
      const std::vector<char> block = {static_cast<char>(a), static_cast<char>(b)};
      std::size_t steps = 0;
      for (std::size_t at = 0; at < 2; ++steps) next_code_point({block.data(), 2}, at);
      EXPECT_LE(steps, 2u);
    }
  }
}

TEST(Utf8, AnAstralCharacterIsTwoUtf16Units) {
  EXPECT_EQ(utf16_length(0xFFFF), 1u);
  EXPECT_EQ(utf16_length(0x10000), 2u);
}

}  // namespace
}  // namespace corsac

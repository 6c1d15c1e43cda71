#include "base/unicode_forms.h"

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "base/random.h"
#include "base/utf8.h"

namespace corsac {
namespace {

std::u32string decomposed(std::u32string_view text) {
  std::u32string out;
  for (const char32_t point : text) append_decomposed(out, point);
  return out;
}

std::u32string normalised(std::u32string_view text) {
  std::u32string out = decomposed(text);
  compose(out);
  return out;
}

std::u32string case_folded(std::u32string_view text) {
  std::u32string out;
  for (const char32_t point : text) append_case_folded(out, point);
  compose(out);
  return out;
}

TEST(UnicodeForms, DecomposeFully) {
  EXPECT_EQ(decomposed(U"ế"), U"e\u0302\u0301");
  EXPECT_EQ(decomposed(U"각"), U"\u1100\u1161\u11A8");
  EXPECT_EQ(decomposed(U"가"), U"\u1100\u1161");
  EXPECT_EQ(decomposed(U"\uFB01x"), U"\uFB01x");
}

TEST(UnicodeForms, ComposeWhatIsNotBlocked) {
  EXPECT_EQ(normalised(U"a\u0323\u0302"), U"ậ");
  EXPECT_EQ(normalised(U"a\u0302\u0323"), U"ậ");
  EXPECT_EQ(normalised(U"a\u0300\u0301"), U"à\u0301") << "a mark of the same class stands between";
  EXPECT_EQ(normalised(U"\u1100\u1161\u11A8"), U"각");
  EXPECT_EQ(normalised(U"\u0301a"), U"\u0301a");
  EXPECT_EQ(normalised(U"\u0958"), U"\u0915\u093C") << "excluded from composition";
  EXPECT_EQ(normalised(U""), U"");
}

TEST(UnicodeForms, FoldCaseAndCompatibility) {
  EXPECT_EQ(case_folded(U"STRAẞE"), U"strasse");
  EXPECT_EQ(case_folded(U"\uFB03Ⅷ㎏"), U"ffiviiikg");
  EXPECT_EQ(case_folded(U"soft\u00ADhyphen\u2065"), U"softhyphen");
  EXPECT_EQ(case_folded(U"Ǆ"), U"dž");
  EXPECT_EQ(case_folded(U"㋿"), U"令和");
}

TEST(UnicodeForms, KnowLowerCaseAndKinds) {
  EXPECT_EQ(lower_case(U'Σ'), U'σ');
  EXPECT_EQ(lower_case(U'ß'), U'ß');
  EXPECT_EQ(lower_case(0x10FFFF), char32_t{0x10FFFF});
  EXPECT_EQ(character_kind(U'x'), CharacterKind::Letter);
  EXPECT_EQ(character_kind(U'…'), CharacterKind::Punctuation);
  EXPECT_EQ(character_kind(0x2003), CharacterKind::Space);
  EXPECT_EQ(character_kind(0x200B), CharacterKind::Unseen);
  EXPECT_EQ(character_kind(0x301), CharacterKind::Mark);
  EXPECT_EQ(character_kind(0x10FFFF), CharacterKind::Unseen);
}

TEST(UnicodeForms, NormalisingTwiceChangesNothing) {
  Random random(7);
  for (int round = 0; round < 20000; ++round) {
    std::u32string text;
    for (int i = 0; i < 5; ++i) {
      const auto point = static_cast<char32_t>(random.below(3) == 0 ? 0x300 + random.below(0x70)
                                                                    : random.below(0x3000));
      text += point;
    }
    const std::u32string once = normalised(text);
    ASSERT_EQ(normalised(once), once);
    ASSERT_EQ(normalised(decomposed(text)), once);
  }
}

// The answers for every assigned code point, which were compared with those of utf8proc 2.8.0.
TEST(UnicodeForms, AreThoseOfUnicode15) {
  std::string answers;
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    const auto kind = character_kind(point);
    if (kind == CharacterKind::Unseen) continue;
    answers += static_cast<char>(kind);
    append_utf8(answers, lower_case(point));
    for (const char32_t each : decomposed({&point, 1})) append_utf8(answers, each);
    for (const char32_t each : case_folded({&point, 1})) append_utf8(answers, each);
  }
  EXPECT_EQ(checksum64(as_byte_view(answers)), 13595149965120428062u);
}

}  // namespace
}  // namespace corsac

#include "text/fold.h"

#include <gtest/gtest.h>

namespace corsac::text {
namespace {

std::string folded(std::string_view word, Casing casing = Casing::Default) {
  std::string out;
  append_folded(out, word, casing);
  return out;
}

std::string lower(std::string_view word) {
  std::string out;
  append_lower(out, word);
  return out;
}

std::string unaccented(std::string word) {
  fold_accents(word);
  return word;
}

TEST(Fold, MakesSpellingsOfOneWordEqual) {
  EXPECT_EQ(folded("HNSWIndex_9"), "hnswindex_9");
  EXPECT_EQ(folded("STRASSE"), folded("straße"));
  EXPECT_EQ(folded("\uFB01ne"), "fine");
  EXPECT_EQ(folded("ＦＵＬＬ１"), "full1");
  EXPECT_EQ(folded("e\u0301"), folded("É"));
  EXPECT_EQ(folded("ｶﾞ"), "ガ");
  EXPECT_EQ(folded("soft\u00ADhyphen"), "softhyphen");
  EXPECT_EQ(folded("don’t"), "don't");
  EXPECT_EQ(folded("ΣΊΣΥΦΟΣ"), folded("σίσυφος"));
}

TEST(Fold, OrdersMarksCanonically) { EXPECT_EQ(folded("a\u0323\u0307"), folded("a\u0307\u0323")); }

TEST(Fold, ReplacesWhatIsMalformed) { EXPECT_EQ(folded("a\xFF"), "a\uFFFD"); }

TEST(Fold, KnowsTheTurkicI) {
  EXPECT_EQ(folded("ISPARTA", Casing::Turkic), "ısparta");
  EXPECT_EQ(folded("İZMİR", Casing::Turkic), "izmir");
}

TEST(Accents, ComeOffLatinGreekAndCyrillicOnly) {
  EXPECT_EQ(unaccented("crème brûlée"), "creme brulee");
  EXPECT_EQ(unaccented("ẹ̀kọ́"), "eko");
  EXPECT_EQ(unaccented("søster"), "soster");
  EXPECT_EQ(unaccented("œuvre"), "oeuvre");
  EXPECT_EQ(unaccented("άλφα"), "αλφα");
  EXPECT_EQ(unaccented("ёлка"), "елка");
  EXPECT_EQ(unaccented("ガード"), "ガード");
  EXPECT_EQ(unaccented("हिन्दी"), "हिन्दी");
  EXPECT_EQ(unaccented("한글"), "한글");
}

TEST(Lower, IsUnicodesFullMapping) {
  EXPECT_EQ(lower("ÀB"), "àb");
  EXPECT_EQ(lower("ΟΔΟΣ"), "οδος");
  EXPECT_EQ(lower("İ"), "i\u0307");
  EXPECT_EQ(lower("Straße"), "straße");
}

}  // namespace
}  // namespace corsac::text

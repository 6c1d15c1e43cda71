#include "embed/bert_text.h"

#include <gtest/gtest.h>

#include <string>

namespace corsac::embed {
namespace {

std::string words(std::string_view text) {
  std::string out = "left over from another text ";
  split_bert_words(text, out);
  return out;
}

TEST(BertText, ATextWithoutWordsIsEmpty) {
  EXPECT_EQ(words(""), "");
  EXPECT_EQ(words(" \t\r\n\u00A0\u2003\u3000\u2028 "), "");
  EXPECT_EQ(words("\x01\x7F\u200B\uFFFD"), "");
}

TEST(BertText, WhiteSpaceOfEveryKindSeparatesWords) {
  EXPECT_EQ(words("a\tb\nc\rd\u00A0e\u3000f"), "a b c d e f ");
  EXPECT_EQ(words("  a   b  "), "a b ");
}

TEST(BertText, LettersAreLowerCasedAndLoseTheirAccents) {
  EXPECT_EQ(words("Naïve CAFÉ Ångström İstanbul ΑΘΉΝΑΣ"), "naive cafe angstrom istanbul αθηνασ ");
  EXPECT_EQ(words("re\u0301sume\u0301"), "resume ");
}

TEST(BertText, LettersThatAreNoAccentedFormsStay) {
  EXPECT_EQ(words("straße øre ﬁne ①"), "straße øre ﬁne ① ");
}

TEST(BertText, HangulIsDecomposed) { EXPECT_EQ(words("한"), "\u1112\u1161\u11AB "); }

TEST(BertText, EveryPunctuationMarkIsAWordOfItsOwn) {
  EXPECT_EQ(words("can't stop"), "can ' t stop ");
  EXPECT_EQ(words("$5<6^`|~+="), "$ 5 < 6 ^ ` | ~ + = ");
  EXPECT_EQ(words("«a»–b…"), "« a » – b … ");
}

TEST(BertText, SignsThatAreNoPunctuationStayInTheWord) { EXPECT_EQ(words("5€ x²"), "5€ x² "); }

TEST(BertText, SignsThatDecomposeToPunctuationStandAlone) {
  EXPECT_EQ(words("a\u037Eb"), "a ; b ");  // Greek question mark
  EXPECT_EQ(words("a\u226Fb"), "a > b ");  // not greater than
}

TEST(BertText, IdeographsStandAloneAndKanaDoNot) {
  EXPECT_EQ(words("量子コンピュータ"), "量 子 コンヒュータ ");
  EXPECT_EQ(words("a\U00020000b"), "a \U00020000 b ");
  EXPECT_EQ(words("\uF900"), "\u8C48 ");  // a compatibility ideograph becomes the unified one
}

TEST(BertText, ControlAndFormatCharactersVanishInsideAWord) {
  EXPECT_EQ(words("zero\u200Bwidth con\x01trol"), "zerowidth control ");
  EXPECT_EQ(words(std::string_view("nul\0l", 5)), "null ");
}

TEST(BertText, MalformedUtf8Vanishes) {
  EXPECT_EQ(words("a\xC3"), "a ");
  EXPECT_EQ(words("a\xFF\xED\xA0\x80z"), "az ");
}

}  // namespace
}  // namespace corsac::embed

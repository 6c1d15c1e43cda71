#include "text/tokenizer.h"

#include <gtest/gtest.h>

#include <string>

#include "text/identifier_parts.h"

namespace corsac::text {
namespace {

std::vector<std::string> tokens(std::string_view text, std::initializer_list<TokenKind> kinds,
                                const TokenizerOptions& options = {}) {
  std::vector<Token> all;
  tokenize(text, options, all);
  std::vector<std::string> out;
  for (const Token& token : all) {
    for (const TokenKind kind : kinds) {
      if (token.kind == kind) out.emplace_back(token.in(text));
    }
  }
  return out;
}

std::vector<std::string> words(std::string_view text) { return tokens(text, {TokenKind::Word}); }
std::vector<std::string> parts(std::string_view text) { return tokens(text, {TokenKind::Part}); }

using Strings = std::vector<std::string>;

TEST(Tokenizer, LeavesOutSpacesAndPunctuation) {
  EXPECT_EQ(words("Hello, world! -- (again) ___ 3.14"),
            (Strings{"Hello", "world", "again", "3.14"}));
  EXPECT_TRUE(words(" \t\n ... ?!").empty());
  EXPECT_TRUE(words("").empty());
}

TEST(Tokenizer, KeepsEmojiAsWords) {
  EXPECT_EQ(words("nice 👍🏽 © job"), (Strings{"nice", "👍🏽", "job"}));
}

TEST(IdentifierParts, AreCutAtCaseUnderscoresAndPoints) {
  EXPECT_EQ(parts("HNSWIndex"), (Strings{"HNSW", "Index"}));
  EXPECT_EQ(parts("getElementById"), (Strings{"get", "Element", "By", "Id"}));
  EXPECT_EQ(parts("foo_bar"), (Strings{"foo", "bar"}));
  EXPECT_EQ(parts("_private"), Strings{"private"});
  EXPECT_EQ(parts("www.example.com"), (Strings{"www", "example", "com"}));
}

TEST(IdentifierParts, KeepNumbersWhole) {
  EXPECT_EQ(parts("v1.2.3"), Strings{"1.2.3"});
  EXPECT_EQ(parts("python3.11"), (Strings{"python", "3.11"}));
  EXPECT_TRUE(parts("3.14 1,000,000 1.2.3").empty());
}

TEST(IdentifierParts, AreNotSeenInOrdinaryWords) {
  EXPECT_TRUE(parts("Hello NASA RNAs p53 can't TNFα O'Neil pH").empty());
  EXPECT_EQ(parts("miRNA"), (Strings{"mi", "RNA"}));
}

TEST(Tokenizer, FindsWholeAddressesBesideTheirWords) {
  EXPECT_EQ(tokens("to: jane-doe+x@my-host.example.org.", {TokenKind::Address}),
            Strings{"jane-doe+x@my-host.example.org"});
  EXPECT_EQ(words("a@b.de"), (Strings{"a", "b.de"}));
  EXPECT_TRUE(tokens("@home @ 5 pm a@", {TokenKind::Address}).empty());
}

TEST(Tokenizer, PairsIdeogramsThatTouch) {
  EXPECT_EQ(tokens("東京都", {TokenKind::Pair}), (Strings{"東京", "京都"}));
  EXPECT_EQ(tokens("東京都", {TokenKind::Member}), (Strings{"東", "京", "都"}));
  EXPECT_EQ(tokens("犬 猫", {TokenKind::Character}), (Strings{"犬", "猫"}));
  EXPECT_EQ(tokens("カタ仮な", {TokenKind::Pair}), (Strings{"カタ", "タ仮", "仮な"}));
  EXPECT_EQ(tokens("세계", {TokenKind::Pair}), Strings{"세계"});
}

TEST(Tokenizer, HoldsMarksAndJamoToTheirIdeogram) {
  EXPECT_EQ(tokens("ｶﾞｽ", {TokenKind::Member}), (Strings{"ｶﾞ", "ｽ"}));
  EXPECT_EQ(tokens("ที่", {TokenKind::Character}), Strings{"ที่"});
  EXPECT_EQ(tokens("\u1112\u1161\u11AB\u1100\u1173\u11AF", {TokenKind::Member}),
            (Strings{"\u1112\u1161\u11AB", "\u1100\u1173\u11AF"}));
}

TEST(Tokenizer, PartsIdeogramsFromLettersOfTheSameSegment) {
  EXPECT_EQ(words("A형과 tower東京3"), (Strings{"A", "tower", "3"}));
  EXPECT_EQ(tokens("A형과", {TokenKind::Pair}), Strings{"형과"});
}

TEST(Tokenizer, EndsElidedWordsAtTheApostrophe) {
  EXPECT_EQ(tokens("l'avion d’Orsay", {TokenKind::Word}, {.elision = true}),
            (Strings{"l", "avion", "d", "Orsay"}));
  EXPECT_EQ(words("l'avion"), Strings{"l'avion"});
}

TEST(SimpleTokenizer, SplitsAtWhateverIsNotAlphanumeric) {
  std::vector<Token> all;
  const std::string text = "foo_bar, v1.2 café! ½";
  tokenize_simple(text, all);
  Strings out;
  for (const Token& token : all) out.emplace_back(token.in(text));
  EXPECT_EQ(out, (Strings{"foo", "bar", "v1", "2", "café", "½"}));
}

}  // namespace
}  // namespace corsac::text

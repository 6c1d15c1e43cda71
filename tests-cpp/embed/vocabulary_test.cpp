#include "embed/vocabulary.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "embed/tiny_model.h"

namespace corsac::embed {
namespace {

using test::front_coded;

Result<Vocabulary> load(const std::vector<std::string>& tokens) {
  return Vocabulary::load(front_coded(tokens), static_cast<std::uint32_t>(tokens.size()));
}

std::string pieces(const Vocabulary& vocabulary, std::string_view word) {
  std::vector<Token> tokens;
  vocabulary.append_pieces(word, tokens);
  std::string out;
  for (const Token token : tokens) {
    if (!out.empty()) out += ' ';
    out += token == kUnknownToken ? "[UNK]" : vocabulary.text(token);
  }
  return out;
}

class Pieces : public ::testing::Test {
 protected:
  Vocabulary vocabulary =
      *load({"#", "##", "##a", "##able", "##b", "##é", "a", "aff", "un", "é", "狐"});
};

TEST_F(Pieces, AreTheLongestThatMatchFromLeftToRight) {
  EXPECT_EQ(pieces(vocabulary, "unaffable"), "[UNK]");
  EXPECT_EQ(pieces(vocabulary, "affable"), "aff ##able");
  EXPECT_EQ(pieces(vocabulary, "una"), "un ##a");
  EXPECT_EQ(pieces(vocabulary, "aab"), "a ##a ##b");
}

TEST_F(Pieces, BeginningAndContinuingPiecesAreDifferent) {
  EXPECT_EQ(pieces(vocabulary, "b"), "[UNK]");
  EXPECT_EQ(pieces(vocabulary, "able"), "[UNK]");
}

TEST_F(Pieces, OneMissingEndMakesTheWholeWordUnknown) {
  EXPECT_EQ(pieces(vocabulary, "affx"), "[UNK]");
}

TEST_F(Pieces, EndBetweenCodePoints) {
  EXPECT_EQ(pieces(vocabulary, "aé"), "a ##é");
  EXPECT_EQ(pieces(vocabulary, "é"), "é");
  EXPECT_EQ(pieces(vocabulary, "ê"), "[UNK]");  // shares its first byte with é
  EXPECT_EQ(pieces(vocabulary, "狐"), "狐");
}

TEST_F(Pieces, ASignThatLooksLikeTheContinuationMarkIsAWord) {
  EXPECT_EQ(pieces(vocabulary, "#"), "#");
  EXPECT_EQ(pieces(vocabulary, "##"), "##");
}

TEST_F(Pieces, WordsOfMoreThanAHundredCodePointsAreUnknown) {
  std::string word = "a";
  for (int i = 1; i < 100; ++i) word += i % 2 == 0 ? "a" : "é";
  EXPECT_NE(pieces(vocabulary, word), "[UNK]");
  EXPECT_EQ(pieces(vocabulary, word + "a"), "[UNK]");
}

TEST(Vocabulary, ReadsBackWhatWasWritten) {
  const std::vector<std::string> tokens = {"##ing", "##s", "run", "runner", "runs", "狐"};
  const auto vocabulary = load(tokens);
  ASSERT_TRUE(vocabulary);
  ASSERT_EQ((*vocabulary).size(), tokens.size());
  for (Token token = 0; token < tokens.size(); ++token)
    EXPECT_EQ((*vocabulary).text(token), tokens[token]);
}

TEST(Vocabulary, MayBeEmpty) {
  const auto vocabulary = load({});
  ASSERT_TRUE(vocabulary);
  EXPECT_EQ(pieces(*vocabulary, "fox"), "[UNK]");
}

TEST(Vocabulary, RefusesTokensThatAreNotAscendingUtf8) {
  EXPECT_FALSE(load({"b", "a"}));
  EXPECT_FALSE(load({"a", "a"}));
  EXPECT_FALSE(load({""}));
  EXPECT_FALSE(load({"a\xC3"}));
  EXPECT_FALSE(load({std::string(65, 'a')}));
  EXPECT_TRUE(load({std::string(64, 'a')}));
}

TEST(Vocabulary, RefusesBytesThatAreTooShortOrTooLong) {
  const Bytes bytes = front_coded({"fox", "foxes", "g"});
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto cut = Vocabulary::load(ByteView(bytes).first(length), 3);
    ASSERT_FALSE(cut) << length;
    EXPECT_EQ(cut.error().code, ErrorCode::Corrupt);
  }
  EXPECT_FALSE(Vocabulary::load(bytes, 2));
  EXPECT_FALSE(Vocabulary::load(bytes, 0xFFFFFFFF));
}

}  // namespace
}  // namespace corsac::embed

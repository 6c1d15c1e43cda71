#include "filter/dictionary.h"

#include <gtest/gtest.h>

#include <string>

namespace corsac::filter {
namespace {

TEST(Dictionary, NumbersStringsByFirstUse) {
  Dictionary words;
  EXPECT_EQ(words.intern("fox"), 0u);
  EXPECT_EQ(words.intern(""), 1u);
  EXPECT_EQ(words.intern(std::string_view("a\0b", 3)), 2u);
  EXPECT_EQ(words.intern("fox"), 0u);
  EXPECT_EQ(words.intern(std::string_view("a\0c", 3)), 3u);
  EXPECT_EQ(words.size(), 4u);
  EXPECT_EQ(words[1], "");
  EXPECT_EQ(words[2], std::string_view("a\0b", 3));
}

TEST(Dictionary, FindsWhatWasInternedAndNothingElse) {
  Dictionary words;
  EXPECT_FALSE(words.find("fox").has_value());
  for (int i = 0; i < 10'000; ++i) words.intern(std::to_string(i));
  for (int i = 0; i < 10'000; ++i)
    EXPECT_EQ(words.find(std::to_string(i)), static_cast<std::uint32_t>(i));
  EXPECT_FALSE(words.find("10000").has_value());
  EXPECT_FALSE(words.find("").has_value());
}

TEST(Dictionary, FindsAPartInsideStringsAndNotAcrossThem) {
  Dictionary words;
  for (const char* word : {"fox", "", "oxen", "den", "xo", "ooo"}) words.intern(word);
  const auto containing = [&](std::string_view part) { return words.containing(part); };
  EXPECT_EQ(containing("ox"), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(containing("xo"), (std::vector<std::uint32_t>{4})) << "fox and oxen meet at xo";
  EXPECT_EQ(containing("o"), (std::vector<std::uint32_t>{0, 2, 4, 5}));
  EXPECT_EQ(containing("en"), (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(containing(""), (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(containing("oooo"), std::vector<std::uint32_t>{});
  EXPECT_EQ(Dictionary().containing("x"), std::vector<std::uint32_t>{});
}

TEST(Dictionary, LoadingGivesBackTheSameNumbers) {
  Dictionary words;
  for (int i = 0; i < 100; ++i) words.intern(std::to_string(i * i));
  ByteWriter out;
  words.save(out);
  ByteReader in(out.view());
  const Dictionary loaded = Dictionary::load(in);
  ASSERT_TRUE(in.finished());
  ASSERT_EQ(loaded.size(), words.size());
  for (std::uint32_t i = 0; i < words.size(); ++i) EXPECT_EQ(loaded[i], words[i]);
}

TEST(Dictionary, AStringThatStandsThereTwiceFailsTheReader) {
  ByteWriter out;
  out.put(std::uint32_t{2});
  out.put_text("fox");
  out.put_text("fox");
  ByteReader in(out.view());
  Dictionary::load(in);
  EXPECT_FALSE(in.ok());
}

TEST(Dictionary, FindsPartsOfEveryLengthAtEveryPlace) {
  std::uint32_t state = 1;
  const auto below = [&](std::uint32_t n) {
    return (state = state * 1664525u + 1013904223u) / 65536 % n;
  };
  Dictionary dictionary;
  while (dictionary.size() < 300) {
    std::string text;
    for (std::uint32_t left = below(20); left > 0; --left)
      text.push_back(static_cast<char>("ab\x80\xFF\0"[below(5)]));
    dictionary.intern(text);
  }
  for (int round = 0; round < 500; ++round) {
    std::string part;
    for (std::uint32_t left = 1 + below(round % 2 == 0 ? 3 : 12); left > 0; --left)
      part.push_back(static_cast<char>("ab\x80\xFF\0"[below(5)]));
    std::vector<std::uint32_t> expected;
    for (std::uint32_t number = 0; number < dictionary.size(); ++number) {
      if (dictionary[number].find(part) != std::string_view::npos) expected.push_back(number);
    }
    ASSERT_EQ(dictionary.containing(part), expected);
  }
  EXPECT_TRUE(Dictionary().containing("a").empty());
  EXPECT_TRUE(dictionary.containing(std::string(10'000, 'a')).empty());
}

}  // namespace
}  // namespace corsac::filter

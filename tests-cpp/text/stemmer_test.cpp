#include "text/stemmer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/shared_data.h"
#include "text/stop_words.h"

namespace corsac::text {
namespace {

TEST(Stemmer, FindsTheStemOfInflectedWords) {
  const auto english = Stemmer::create("en");
  ASSERT_NE(english, nullptr);
  EXPECT_EQ(english->stem("running"), "run");
  EXPECT_EQ(english->stem("foxes"), "fox");
  EXPECT_EQ(english->stem("dog's"), "dog");
  EXPECT_EQ(english->stem(""), "");
}

TEST(EnglishStemmer, FollowsTheThirdSnowball) {
  const auto english = Stemmer::create("en");
  ASSERT_NE(english, nullptr);
  EXPECT_EQ(english->stem("organization"), "organiz");
  EXPECT_EQ(english->stem("psychologists"), "psycholog");
  EXPECT_EQ(english->stem("added"), "add");
  EXPECT_EQ(english->stem("vying"), "vie");
  EXPECT_EQ(english->stem("pasted"), "paste");
  EXPECT_EQ(english->stem("hopping"), "hop");
  EXPECT_EQ(english->stem("hoping"), "hope");
  EXPECT_EQ(english->stem("sky"), "sky");
}

TEST(EnglishStemmer, TakesAnyBytes) {
  const auto english = Stemmer::create("en");
  for (const std::string_view word :
       {"'s'", "''\'", "ing", "ed", "yyy", "éés", "\xFF\xFEs", "123s"}) {
    EXPECT_LE(english->stem(word).size(), word.size() + 1);
  }
}

TEST(Stemmer, IsAbsentForUnknownLanguages) {
  EXPECT_EQ(Stemmer::create("none"), nullptr);
  EXPECT_EQ(Stemmer::create("xx"), nullptr);
}

TEST(Stemmer, ChoosesByScriptWhenAutomatic) {
  const auto any = Stemmer::create("auto");
  ASSERT_NE(any, nullptr);
  const auto russian = Stemmer::create("ru"), greek = Stemmer::create("el");
  EXPECT_EQ(any->stem("foxes"), "fox");
  EXPECT_EQ(any->stem("бегущие"), russian->stem("бегущие"));
  EXPECT_NE(any->stem("бегущие"), "бегущие");
  EXPECT_EQ(any->stem("αλεπουδες"), greek->stem("αλεπουδες"));
  EXPECT_EQ(any->stem("日本"), "日本");
  EXPECT_EQ(any->stem(""), "");
}

TEST(Stemmer, NeverTakesAWholeWordAway) { EXPECT_EQ(Stemmer::create("el")->stem("ίσα"), "ίσα"); }

TEST(Stemmer, LeavesWhatIsTooLongWhole) {
  const std::string word(kMaxSnowballBytes + 1, 'e');
  EXPECT_EQ(Stemmer::create("fr")->stem(word), word);
}

TEST(Stemmer, ExistsForEachLanguageItNames) {
  const auto languages = Stemmer::languages();
  EXPECT_TRUE(std::ranges::find(languages, "en") != languages.end());
  for (const std::string_view code : languages) EXPECT_NE(Stemmer::create(code), nullptr) << code;
  for (const std::string_view code : stop_word_languages())
    EXPECT_FALSE(stop_words(code).empty()) << code;
}

// How many words of Snowball's vocabulary get another stem than the one beside them.
void expect_vocabulary(const std::string& code, const std::string& algorithm, std::size_t allowed) {
  const auto folder = test::shared_data() / "snowball-data" / algorithm;
  const auto words = test::read_lines(folder / "voc.txt");
  const auto stems = test::read_lines(folder / "output.txt");
  if (words.empty()) return;  // Stored compressed, or absent.
  ASSERT_EQ(words.size(), stems.size());
  const auto stemmer = Stemmer::create(code);
  ASSERT_NE(stemmer, nullptr) << code;
  std::size_t wrong = 0;
  std::string example;
  for (std::size_t i = 0; i < words.size(); ++i) {
    // A word that is all ending stays whole here.
    if (stemmer->stem(words[i]) == (stems[i].empty() ? words[i] : stems[i])) continue;
    if (wrong++ == 0)
      example = words[i] + " -> " + std::string(stemmer->stem(words[i])) + ", not " + stems[i];
  }
  EXPECT_LE(wrong, allowed) << algorithm << ": " << example;
}

TEST(Stemmer, AgreesWithSnowballsVocabularies) {
  if (!std::filesystem::exists(test::shared_data() / "snowball-data")) {
    GTEST_SKIP() << "snowball-data is not beside the repository";
  }
  struct Vocabulary {
    std::string code;
    std::string folder;
    std::size_t changed;  // Words whose stem Snowball changed after 2.2, the version built here.
  };
  const Vocabulary vocabularies[] = {
      {"ca", "catalan", 0},      {"da", "danish", 0},     {"de", "german", 1247},
      {"el", "greek", 1},        {"en", "english", 0},    {"es", "spanish", 9},
      {"eu", "basque", 0},       {"fi", "finnish", 0},    {"fr", "french", 840},
      {"ga", "irish", 0},        {"hi", "hindi", 0},      {"hu", "hungarian", 0},
      {"hy", "armenian", 0},     {"id", "indonesian", 0}, {"it", "italian", 1},
      {"lt", "lithuanian", 160}, {"ne", "nepali", 0},     {"nl", "dutch_porter", 0},
      {"no", "norwegian", 136},  {"pt", "portuguese", 0}, {"ro", "romanian", 13304},
      {"ru", "russian", 0},      {"sr", "serbian", 0},    {"sv", "swedish", 553},
      {"tr", "turkish", 9204},   {"yi", "yiddish", 1},
  };
  for (const Vocabulary& vocabulary : vocabularies) {
    expect_vocabulary(vocabulary.code, vocabulary.folder, vocabulary.changed);
  }
}

}  // namespace
}  // namespace corsac::text

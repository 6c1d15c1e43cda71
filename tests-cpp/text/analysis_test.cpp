#include "text/analysis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "text/stop_words.h"

namespace corsac::text {
namespace {

Analysis analysis_of(const TextOptions& options) {
  auto analysis = Analysis::create(options);
  EXPECT_TRUE(analysis.has_value());
  return *std::move(analysis);
}

std::vector<std::string> terms(const Analysis& analysis, std::string_view text,
                               bool prefix = false) {
  std::vector<std::string> out;
  for (const QueryTerm& term : analysis.query(text, prefix))
    out.push_back(term.term + (term.prefix.empty() ? "" : "|" + term.prefix));
  return out;
}

using Strings = std::vector<std::string>;

TEST(Analysis, FoldsStemsAndTakesAccentsOff) {
  EXPECT_EQ(terms(analysis_of({}), "Running CAFÉS"), (Strings{"run", "cafe"}));
  EXPECT_EQ(terms(analysis_of({.fold_accents = false}), "CAFÉS"), Strings{"café"});
  EXPECT_EQ(terms(analysis_of({.language = "none"}), "Running"), Strings{"running"});
  EXPECT_EQ(terms(analysis_of({.language = "de"}), "Häuser"), Strings{"haus"});
  EXPECT_EQ(terms(analysis_of({.language = "fr"}), "l'avions"), (Strings{"l", "avion"}));
}

TEST(Analysis, KeepsDuplicatesInTheOrderOfTheText) {
  EXPECT_EQ(terms(analysis_of({}), "dog cat dogs"), (Strings{"dog", "cat", "dog"}));
}

TEST(Analysis, DropsStopWordsWhenAsked) {
  EXPECT_EQ(terms(analysis_of({}), "the dog"), (Strings{"the", "dog"}));
  EXPECT_EQ(terms(analysis_of({.stop_words = true}), "The dog and I"), Strings{"dog"});
  EXPECT_EQ(terms(analysis_of({.own_stop_words = {"Dog"}}), "the DOG dogs"),
            (Strings{"the", "dog"}));
}

TEST(Analysis, CutsEndlessTermsAtACodePoint) {
  const std::string word = "a" + [] {
    std::string out;
    for (int i = 0; i < 200; ++i) out += "é";
    return out;
  }();
  const auto found = terms(analysis_of({.language = "none", .fold_accents = false}), word);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], word.substr(0, 255));
}

TEST(Analysis, LooksRunsOfIdeogramsUpByPairs) {
  EXPECT_EQ(terms(analysis_of({}), "東京都 犬"), (Strings{"東京", "京都", "犬"}));
}

TEST(Analysis, GivesThePrefixToTheLastWordUnstemmed) {
  EXPECT_EQ(terms(analysis_of({}), "red Running", true), (Strings{"red", "run|running"}));
  EXPECT_EQ(terms(analysis_of({.stop_words = true}), "red the", true), (Strings{"red", "|the"}));
  EXPECT_TRUE(terms(analysis_of({}), "...", true).empty());
}

TEST(SimpleAnalysis, LowersSplitsAndDropsShortAndStopWords) {
  const Analysis simple = analysis_of({.analyzer = Analyzer::Simple});
  EXPECT_EQ(terms(simple, "The Foxes' x foo_bar ÉTÉ"), (Strings{"foxes", "foo", "bar", "été"}));
}

TEST(SimpleAnalysis, HasFiftyOneStopWords) {
  const std::string_view list = simple_stop_words();
  std::set<std::string> words;
  std::string word;
  for (const char c : std::string(list) + " ") {
    if (c != ' ')
      word.push_back(c);
    else
      words.insert(std::exchange(word, {}));
  }
  EXPECT_EQ(words.size(), 51u);
}

TEST(Analysis, RefusesOptionsByNameAndValue) {
  const auto message = [](const TextOptions& options) {
    const auto result = Analysis::create(options);
    EXPECT_FALSE(result.has_value());
    if (result) return std::string();
    EXPECT_EQ(result.error().code, ErrorCode::InvalidArgument);
    return result.error().message;
  };
  EXPECT_NE(message({.language = "xx"}).find("'xx'"), std::string::npos);
  EXPECT_NE(message({.language = "none", .stop_words = true}).find("stop word"), std::string::npos);
  EXPECT_NE(message({.k1 = -1}).find("k1"), std::string::npos);
  EXPECT_NE(message({.k1 = std::numeric_limits<float>::quiet_NaN()}).find("k1"), std::string::npos);
  EXPECT_NE(message({.b = 1.5f}).find("1.5"), std::string::npos);
}

}  // namespace
}  // namespace corsac::text

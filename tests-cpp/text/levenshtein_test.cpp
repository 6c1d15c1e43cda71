#include "text/levenshtein.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "text/mutable_segment.h"
#include "text/sealed_segment.h"
#include "text/segment_merge.h"
#include "text/term_expansion.h"

namespace corsac::text {
namespace {

// Optimal string alignment by the table of its definition.
std::size_t edits_between(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

std::string random_word(Random& random) {
  std::string word;
  for (std::uint64_t left = 1 + random.below(8); left > 0; --left)
    word.push_back(static_cast<char>('a' + random.below(3)));
  return word;
}

TEST(Levenshtein, CountsTheEditsOfRandomPairs) {
  Random random(3);
  for (int i = 0; i < 4000; ++i) {
    const std::string a = random_word(random), b = random_word(random);
    const std::size_t expected = edits_between(a, b);
    for (std::uint32_t most = 1; most <= 2; ++most) {
      const auto found = LevenshteinAutomaton(a, most).distance(b);
      ASSERT_EQ(found.has_value(), expected <= most) << a << ' ' << b;
      EXPECT_EQ(found.value_or(expected), expected) << a << ' ' << b;
    }
  }
}

TEST(Levenshtein, CountsCodePointsNotBytes) {
  EXPECT_EQ(LevenshteinAutomaton("größe", 1).distance("grösse"), std::nullopt);
  EXPECT_EQ(LevenshteinAutomaton("größe", 2).distance("grösse"), 2u);
  EXPECT_EQ(LevenshteinAutomaton("größe", 1).distance("größen"), 1u);
  EXPECT_EQ(LevenshteinAutomaton("日本語", 1).distance("日木語"), 1u);
}

TEST(Levenshtein, TakesTheLongestWordItMay) {
  const std::string word(LevenshteinAutomaton::kLongest, 'x');
  EXPECT_EQ(LevenshteinAutomaton(word, 2).distance(word + "xx"), 2u);
  EXPECT_EQ(LevenshteinAutomaton(word, 2).distance(word + "xxx"), std::nullopt);
}

TEST(TermExpansion, FindsInASegmentWhatTheDefinitionFinds) {
  Random random(11);
  const Analysis analysis = *Analysis::create({.language = "none"});
  std::vector<std::string> words = {"größe", "größen", "日本", "zürich"};
  for (int i = 0; i < 3000; ++i) words.push_back(random_word(random));
  MutableSegment growing;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const FieldText text{0, words[i]};
    growing.add(static_cast<Ordinal>(i), std::span(&text, 1), analysis);
  }
  const Segment* one = &growing;
  const auto sealed = *SealedSegment::open(merge_segments(std::span(&one, 1), Bitset{}));
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  for (int i = 0; i < 200; ++i) {
    const std::string word = random_word(random) + "ab";
    for (std::uint32_t edits = 1; edits <= 2; ++edits) {
      const auto expected = std::count_if(words.begin(), words.end(), [&](const std::string& w) {
        const auto d = LevenshteinAutomaton(word, edits).distance(w);
        return d && *d > 0 && w.size() > 0;
      });
      for (const Segment* segment : {one, static_cast<const Segment*>(sealed.get())}) {
        std::vector<Expansion> found;
        QueryTerm term;
        term.fuzzy = word;
        term.edits = static_cast<std::uint8_t>(edits);
        expand_fuzzy(*segment, term, 0, found);
        EXPECT_EQ(static_cast<std::ptrdiff_t>(found.size()), expected) << word;
      }
    }
  }
}

TEST(TermExpansion, GrantsShortWordsFewerEdits) {
  EXPECT_EQ(edits_granted(2, 2), 0u);
  EXPECT_EQ(edits_granted(3, 2), 1u);
  EXPECT_EQ(edits_granted(5, 2), 2u);
  EXPECT_EQ(edits_granted(5, 1), 1u);
  EXPECT_EQ(edits_granted(64, 2), 0u);
}

}  // namespace
}  // namespace corsac::text

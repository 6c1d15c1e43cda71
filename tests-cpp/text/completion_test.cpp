#include "text/completion.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>

#include "support/sections.h"

namespace corsac::text {
namespace {

using Counts = std::map<std::string, std::uint32_t>;

/// Terms that `text` may grow into, with what is said of their live documents.
Counts completions(const TextIndex& index, std::string_view text) {
  Counts bounds, out;
  for (const TermCount& each : index.completions(text)) bounds[each.term] += each.documents;
  for (const auto& [term, bound] : bounds) {
    const std::vector<Ordinal> documents = index.documents_with(term, 2);
    EXPECT_LE(documents[0], bound);
    EXPECT_EQ(documents.size(), 1 + std::min<std::size_t>(documents[0], 2));
    if (documents[0] > 0) out[term] = documents[0];
  }
  return out;
}

TEST(Completion, CountsLiveDocumentsOnly) {
  const auto index = *create_text_index({.language = "none"});
  Ordinal next = 0;
  for (const char* content : {"fox fox", "fox foal", "foal", "foal", "food", "bear"})
    index->add(next++, content);
  EXPECT_EQ(completions(*index, "fo"), (Counts{{"foal", 3}, {"fox", 2}, {"food", 1}}));
  for (const Ordinal ordinal : {2u, 3u, 4u}) index->remove(ordinal);
  EXPECT_EQ(completions(*index, "fo"), (Counts{{"fox", 2}, {"foal", 1}}));
  EXPECT_EQ(completions(*index, "zz"), Counts{});
  EXPECT_EQ(completions(*index, ""), Counts{});
  EXPECT_EQ(completions(*index, "a bear FO"), (Counts{{"fox", 2}, {"foal", 1}}));
  EXPECT_EQ(index->documents_with("fox", 5), (std::vector<Ordinal>{2, 0, 1}));
}

TEST(Completion, IsWhatCountingEveryDocumentGives) {
  std::mt19937 random(5);
  const auto index = *create_text_index({.language = "none"});
  std::vector<std::string> contents;
  for (Ordinal i = 0; i < 400; ++i) {
    std::string word = "q";
    while (word.size() < 3) word.push_back(static_cast<char>('a' + random() % 4));
    contents.push_back(word);
    index->add(i, word);
    if (i == 200) {
      test::MemorySections sections;
      index->save(sections);
    }
  }
  Counts expected;
  for (Ordinal i = 0; i < contents.size(); ++i) {
    if (random() % 3 == 0) {
      index->remove(i);
    } else if (contents[i].starts_with("qa")) {
      ++expected[contents[i]];
    }
  }
  EXPECT_EQ(completions(*index, "qa"), expected);
}

}  // namespace
}  // namespace corsac::text

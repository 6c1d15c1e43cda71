#include "text/highlight.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace corsac::text {
namespace {

std::vector<Highlight> highlights(std::string_view query, std::string_view content,
                                  bool prefix = false) {
  const auto index = *create_text_index({});
  return index->highlight({.text = query, .prefix = prefix}, content);
}

using Ranges = std::vector<Highlight>;

TEST(Highlight, MarksInflectedWords) {
  EXPECT_EQ(highlights("fox run", "The foxes ran; a fox runs."),
            (Ranges{{4, 9}, {17, 20}, {21, 25}}));
  EXPECT_TRUE(highlights("cat", "The foxes").empty());
  EXPECT_TRUE(highlights("", "The foxes").empty());
}

TEST(Highlight, CountsUtf16Units) {
  EXPECT_EQ(highlights("fox", "é fox"), (Ranges{{2, 5}}));
  EXPECT_EQ(highlights("fox", "😀 fox"), (Ranges{{3, 6}}));
  EXPECT_EQ(highlights("fox", "\xFF fox"), (Ranges{{2, 5}}));
}

TEST(Highlight, MarksPartsOfIdentifiers) {
  EXPECT_EQ(highlights("index", "an HNSWIndex here"), (Ranges{{7, 12}}));
  EXPECT_EQ(highlights("hnswindex", "an HNSWIndex here"), (Ranges{{3, 12}}));
}

TEST(Highlight, MergesPairsThatOverlap) {
  EXPECT_EQ(highlights("東京都", "私は東京都です"), (Ranges{{2, 5}}));
}

TEST(Highlight, MarksCompletionsOfThePrefix) {
  EXPECT_EQ(highlights("gra", "grass and grain, gray", true), (Ranges{{0, 5}, {10, 15}, {17, 21}}));
  EXPECT_TRUE(highlights("gra", "grass and grain").empty());
}

}  // namespace
}  // namespace corsac::text

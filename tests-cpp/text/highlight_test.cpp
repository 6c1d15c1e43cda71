#include "text/highlight.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace corsac::text {
namespace {

std::vector<Highlight> highlights(std::string_view query, std::string_view content,
                                  bool prefix = false) {
  const auto index = *create_text_index({});
  std::vector<Highlight> out = index->highlight({.text = query, .prefix = prefix}, content);
  for (Highlight& each : out) each.term = 0;
  return out;
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

TEST(Highlight, SaysWhichQueryTermItFound) {
  const auto index = *create_text_index({});
  const TextQuery query{.text = "fox the fox bea", .prefix = true};
  const auto found = index->highlight(query, "The beaver, the bears, the foxes");
  EXPECT_EQ(found,
            (Ranges{{0, 3, 1}, {4, 10, 3}, {12, 15, 1}, {16, 21, 3}, {23, 26, 1}, {27, 32, 0}}));
}

TEST(Highlight, RareTermsSayMore) {
  const auto index = *create_text_index({.language = "none"});
  index->add(0, "the fox");
  index->add(1, "the bear");
  index->add(2, "the bear");
  const std::vector<float> says = index->rarities({.text = "the fox bear zebra"});
  ASSERT_EQ(says.size(), 4u);
  EXPECT_LT(says[0], says[2]);
  EXPECT_LT(says[2], says[1]);
  EXPECT_EQ(says[3], 1.0f);
}

}  // namespace
}  // namespace corsac::text

#include "text/text_index.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace corsac::text {
namespace {

std::unique_ptr<TextIndex> index_of(const std::vector<std::string>& documents,
                                    const TextOptions& options = {}) {
  auto index = create_text_index(options);
  EXPECT_TRUE(index.has_value());
  Ordinal ordinal = 0;
  for (const std::string& document : documents) (*index)->add(ordinal++, document);
  return *std::move(index);
}

std::vector<Ordinal> found(const TextIndex& index, std::string_view text, TextQuery query = {}) {
  query.text = text;
  const auto result = index.search(query);
  EXPECT_TRUE(result.has_value());
  std::vector<Ordinal> ordinals;
  for (const Hit& hit : result->hits) ordinals.push_back(hit.ordinal);
  return ordinals;
}

using Ordinals = std::vector<Ordinal>;

TEST(TextIndex, FindsInflectedWords) {
  const auto index = index_of({"The foxes were running", "A lazy dog", "Run, fox!"});
  EXPECT_EQ(found(*index, "run fox"), (Ordinals{2, 0}));
}

TEST(TextIndex, FindsIdentifiersWholeAndByTheirParts) {
  const auto index = index_of({"class HNSWIndex {", "int foo_bar = 1", "tag v1.2.3 now",
                               "write to jane.doe@example.com today"});
  EXPECT_EQ(found(*index, "hnswindex"), Ordinals{0});
  EXPECT_EQ(found(*index, "hnsw"), Ordinals{0});
  EXPECT_EQ(found(*index, "foo_bar"), Ordinals{1});
  EXPECT_EQ(found(*index, "bar"), Ordinals{1});
  EXPECT_EQ(found(*index, "v1.2.3"), Ordinals{2});
  EXPECT_EQ(found(*index, "1.2.3"), Ordinals{2});
  EXPECT_EQ(found(*index, "jane.doe@example.com"), Ordinals{3});
  EXPECT_EQ(found(*index, "example.com"), Ordinals{3});
  EXPECT_EQ(found(*index, "doe"), Ordinals{3});
}

TEST(TextIndex, FindsChineseJapaneseKoreanAndThaiWithoutConfiguration) {
  const auto index = index_of({"私は東京に住んでいます", "北京是中国的首都", "안녕하세요 세계",
                               "ภาษาไทยง่าย", "トウキョウタワー"});
  EXPECT_EQ(found(*index, "東京"), Ordinals{0});
  EXPECT_EQ(found(*index, "首都"), Ordinals{1});
  EXPECT_EQ(found(*index, "京").size(), 2u);
  EXPECT_EQ(found(*index, "세계"), Ordinals{2});
  EXPECT_EQ(found(*index, "ไทย"), Ordinals{3});
  EXPECT_EQ(found(*index, "ﾀﾜｰ"), Ordinals{4});
}

TEST(TextIndex, FindsNothingForAQueryWithoutAWord) {
  const auto index = index_of({"a fox", "..."});
  EXPECT_TRUE(found(*index, "").empty());
  EXPECT_TRUE(found(*index, "?! --").empty());
  EXPECT_EQ(index->size(), 2u);
}

TEST(TextIndex, BreaksTiesByOrdinal) {
  const auto index = index_of({"fox den", "fox den", "fox den", "fox den"});
  EXPECT_EQ(found(*index, "fox", {.k = 3}), (Ordinals{0, 1, 2}));
}

TEST(TextIndex, RequiresEveryTermWhenAsked) {
  const auto index = index_of({"fox den", "fox", "den night fox", "night"});
  EXPECT_EQ(found(*index, "fox den", {.op = Operator::And}), (Ordinals{0, 2}));
  EXPECT_TRUE(found(*index, "fox absent", {.op = Operator::And}).empty());
}

TEST(TextIndex, CompletesTheLastWord) {
  const auto index = index_of({"gray fox", "grass", "den", "gra"});
  EXPECT_EQ(found(*index, "gra", {.prefix = true}).size(), 3u);
  EXPECT_EQ(found(*index, "gra", {.prefix = true})[0], 3u);  // The whole word outranks completions.
  EXPECT_EQ(found(*index, "fox gra", {.op = Operator::And, .prefix = true}), Ordinals{0});
  EXPECT_EQ(found(*index, "gra"), Ordinals{3});
}

TEST(TextIndex, RemovesAtOnce) {
  const auto index = index_of({"fox", "fox"});
  index->remove(0);
  index->remove(7);  // Never added.
  EXPECT_EQ(found(*index, "fox"), Ordinals{1});
}

TEST(TextIndex, RefusesWrongQueries) {
  const auto index = index_of({"fox"});
  const auto code = [&](const TextQuery& query) {
    const auto result = index->search(query);
    EXPECT_FALSE(result.has_value());
    return result ? ErrorCode::Corrupt : result.error().code;
  };
  EXPECT_EQ(code({.text = "fox", .k = 10'001}), ErrorCode::InvalidArgument);
  EXPECT_EQ(code({.text = "fox", .k1 = 11}), ErrorCode::InvalidArgument);
  EXPECT_EQ(code({.text = "fox", .b = 1.5f}), ErrorCode::InvalidArgument);
  const std::string endless(2u << 20, 'x');
  EXPECT_EQ(code({.text = endless}), ErrorCode::InvalidQuery);
  EXPECT_TRUE(index->search({.text = "fox", .k = 0})->hits.empty());
}

TEST(TextIndex, SaturatesTheLengthOfEndlessDocuments) {
  std::string endless;
  for (int i = 0; i < 70'000; ++i) endless += "w ";
  const auto index = index_of({endless, "w"});
  EXPECT_EQ(found(*index, "w").size(), 2u);
}

TEST(TextIndex, CountsItsBytes) {
  const auto index = index_of({"fox den"});
  EXPECT_GT(index->bytes().dictionary, 0u);
  EXPECT_GT(index->bytes().postings, 0u);
  EXPECT_EQ(index->bytes().lengths, 2u);
}

}  // namespace
}  // namespace corsac::text

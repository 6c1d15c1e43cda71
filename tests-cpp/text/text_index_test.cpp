#include "text/text_index.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace corsac::text {
namespace {

std::unique_ptr<TextIndex> index_of(const std::vector<std::string>& documents, const TextOptions& options = {}) {
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
  const auto index = index_of({"class HNSWIndex {", "int foo_bar = 1", "tag v1.2.3 now", "write to jane.doe@example.com today"});
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
  const auto index = index_of({"私は東京に住んでいます", "北京是中国的首都", "안녕하세요 세계", "ภาษาไทยง่าย", "トウキョウタワー"});
  EXPECT_EQ(found(*index, "東京"), Ordinals{0});
  EXPECT_EQ(found(*index, "首都"), Ordinals{1});
  EXPECT_EQ(found(*index, "京").size(), 2u);
  EXPECT_EQ(found(*index, "세계"), Ordinals{2});
  EXPECT_EQ(found(*index, "ไทย"), Ordinals{3});
  EXPECT_EQ(found(*index, "ﾀﾜｰ"), Ordinals{4});
}

}  // namespace
}  // namespace corsac::text

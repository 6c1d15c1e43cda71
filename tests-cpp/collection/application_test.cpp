#include "collection/application.h"

#include <gtest/gtest.h>

#include "collection/writing.h"
#include "support/sections.h"
#include "support/texts.h"
#include "support/vectors.h"

namespace corsac::collection {
namespace {

using test::Doc;
using test::Ids;

TEST(Application, AnUpsertReplacesTheDocumentAndTakesTheNextOrdinal) {
  Collection collection = test::collection_of(R"({"dimension":2})");
  test::upsert(collection, {{"a", "old words", {}, {1, 0}}, {"b", "other", {}, {0, 1}}});
  EXPECT_EQ(collection.last_affected(), 2u);
  test::upsert(collection, {{"a", "new words", {}, {0, 1}}});
  EXPECT_EQ(collection.find("a"), 2u);
  EXPECT_EQ(collection.stats().documents, 2u);
  EXPECT_EQ(collection.stats().deleted, 1u);
  EXPECT_EQ(collection.stats().vectors, 2u);
  SearchRequest old;
  old.mode = Mode::Text;
  old.text = "old";
  EXPECT_TRUE(collection.search(old)->hits.empty());
}

TEST(Application, OfTwoDocumentsWithOneIdInABatchTheLastWins) {
  Collection collection = test::collection_of(R"({"dimension":2})");
  test::upsert(collection, {{"a", "first", {}, {1, 0}},
                            {"b", "b", {}, {}},
                            {"a", "second", {}, {0, 1}},
                            {"a", {}, R"({"n":1})", {}, true}});
  EXPECT_EQ(collection.stats().documents, 2u);
  EXPECT_EQ(collection.stats().vectors, 1u);
  EXPECT_EQ(collection.find("a"), 3u);
  EXPECT_EQ(collection.stored_vector(3), (std::vector<float>{0, 1}));
}

TEST(Application, AChangeOfMetadataAloneKeepsTheVectorSlot) {
  Collection collection = test::collection_of(R"({"dimension":2})");
  test::upsert(collection, {{"a", "text", {}, {3, 4}}});
  test::upsert(collection, {{"a", "text", R"({"n":1})", {}, true}});
  EXPECT_EQ(collection.slots(1), (std::pair<Slot, std::uint32_t>{0, 1}));
  std::vector<float> row(2);
  ASSERT_TRUE(collection.original_in_memory(0, row));
  EXPECT_EQ(row, (std::vector<float>{3, 4}));
  const std::vector<float> query = {3, 4};
  SearchRequest request;
  request.vector = query;
  EXPECT_EQ(test::ids(collection, collection.search(request)), Ids{"a"});
  EXPECT_EQ(collection.search(request)->hits[0].ordinal, 1u);
  test::remove(collection, {"a"});
  EXPECT_TRUE(collection.search(request)->hits.empty());
  EXPECT_EQ(collection.stats().vectors, 0u);
}

TEST(Application, RemovingCountsWhatWasThere) {
  Collection collection = test::collection_of("{}");
  test::upsert(collection, {{"a", "x", {}, {}}, {"b", "x", {}, {}}});
  test::remove(collection, {"a", "absent", "a"});
  EXPECT_EQ(collection.last_affected(), 1u);
  EXPECT_FALSE(collection.has("a"));
  EXPECT_TRUE(collection.has("b"));
}

TEST(Application, ASearchBetweenTwoSlicesSeesTheCollectionBefore) {
  Collection collection = test::collection_of(R"({"dimension":8,"index":{"kind":"hnsw"}})");
  const std::vector<float> vectors = corsac::test::clustered_vectors(400, 8, 4, 1, 2);
  const auto doc = [&](std::size_t i) {
    const auto row = corsac::test::row_of(vectors, i, 8);
    return Doc{"d" + std::to_string(i), "word", {}, {row.begin(), row.end()}};
  };
  std::vector<Doc> first, second;
  for (std::size_t i = 0; i < 100; ++i) first.push_back(doc(i));
  for (std::size_t i = 50; i < 400; ++i) second.push_back(doc(i));
  test::apply(collection, test::write_bytes(WriteMode::Insert, first));

  SearchRequest request;
  request.vector = corsac::test::row_of(vectors, 60, 8);
  request.text = "word";
  request.mode = Mode::Hybrid;
  request.k = 20;
  const auto before = collection.search(request);
  const Bytes bytes = test::write_bytes(WriteMode::Upsert, second);
  ASSERT_TRUE(test::validated(collection, bytes).has_value());
  collection.begin_apply(bytes);
  std::size_t slices = 0;
  for (;;) {
    Budget budget{500};
    if (collection.step(budget)) break;
    ++slices;
    ASSERT_EQ(collection.count(nullptr), 100u);
    if (slices % 8 != 0) continue;
    const auto during = collection.search(request);
    ASSERT_TRUE(during.has_value());
    ASSERT_EQ(during->hits.size(), before->hits.size());
    for (std::size_t i = 0; i < during->hits.size(); ++i) {
      EXPECT_EQ(during->hits[i].ordinal, before->hits[i].ordinal);
      EXPECT_EQ(during->hits[i].score, before->hits[i].score);
    }
  }
  EXPECT_GT(slices, 8u);
  EXPECT_EQ(collection.count(nullptr), 400u);
}

TEST(Application, TheSameOperationsHoweverSlicedGiveTheSameSections) {
  const std::vector<float> vectors = corsac::test::random_vectors(300, 8, 5);
  const auto build = [&](std::uint64_t units) {
    Collection collection =
        test::collection_of(R"({"dimension":8,"index":{"kind":"hnsw","codec":"sq8"}})");
    Random random(9);
    for (std::size_t batch = 0; batch < 10; ++batch) {
      std::vector<Doc> docs;
      for (std::size_t i = 0; i < 30; ++i) {
        const auto row = corsac::test::row_of(vectors, batch * 30 + i, 8);
        docs.push_back({"d" + std::to_string(random.below(200)),
                        corsac::test::random_text(40, batch * 30 + i),
                        R"({"n":)" + std::to_string(i) + "}",
                        {row.begin(), row.end()}});
      }
      test::apply(collection, test::write_bytes(WriteMode::Upsert, docs), units);
      test::apply(collection, test::remove_bytes({"d" + std::to_string(batch)}), units);
    }
    corsac::test::MemorySections sections;
    collection.save(sections);
    return sections;
  };
  const auto whole = build(~std::uint64_t{0});
  for (const std::uint64_t units : {1u, 37u, 1000u}) {
    const auto sliced = build(units);
    EXPECT_EQ(sliced.all(), whole.all()) << units;
    const auto a = sliced.segments(SectionId::TextSegments),
               b = whole.segments(SectionId::TextSegments);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_TRUE(
          std::equal(a[i].bytes.begin(), a[i].bytes.end(), b[i].bytes.begin(), b[i].bytes.end()));
    }
  }
}

}  // namespace
}  // namespace corsac::collection

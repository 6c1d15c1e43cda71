#include "collection/query.h"

#include <gtest/gtest.h>

#include <cmath>

#include "collection/writing.h"
#include "support/vectors.h"

namespace corsac::collection {
namespace {

using test::Doc;
using test::Ids;

filter::Predicate predicate(std::string_view json) {
  auto out = filter::parse_predicate(json);
  EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().message);
  return *std::move(out);
}

SearchRequest by_vector(std::span<const float> vector, std::size_t k = 10) {
  SearchRequest out;
  out.vector = vector;
  out.k = k;
  return out;
}

SearchRequest by_text(std::string_view text, std::size_t k = 10) {
  SearchRequest out;
  out.mode = Mode::Text;
  out.text = text;
  out.k = k;
  return out;
}

SearchRequest by_both(std::span<const float> vector, std::string_view text, std::size_t k = 10) {
  SearchRequest out = by_vector(vector, k);
  out.mode = Mode::Hybrid;
  out.text = text;
  return out;
}

Collection animals() {
  Collection out = test::collection_of(R"({"dimension":2,"index":{"kind":"flat"}})");
  test::upsert(out, {{"fox", "a fox hides food", R"({"legs":4})", {1, 0}},
                     {"hare", "a hare eats grass", R"({"legs":4})", {0.8f, 0.6f}},
                     {"note", "food for thought", R"({"legs":0})", {}},
                     {"bare", {}, {}, {0, 1}}});
  return out;
}

TEST(Query, AVectorFindsTheNearestDocumentsFirst) {
  const Collection collection = animals();
  const std::vector<float> query = {1, 0};
  const auto found = collection.search(by_vector(query));
  EXPECT_EQ(test::ids(collection, found), (Ids{"fox", "hare", "bare"}));
  EXPECT_EQ(found->hits[0].score, 1.0f);
  EXPECT_EQ(found->hits[0].vector.rank, 1u);
  EXPECT_FALSE(found->hits[0].text.present);
  EXPECT_TRUE(found->exact);
  EXPECT_EQ(found->filter, FilterPath::None);
  EXPECT_EQ(found->examined, 3u);
}

TEST(Query, WordsFindDocumentsWithAndWithoutVectors) {
  const Collection collection = animals();
  EXPECT_EQ(test::ids(collection, collection.search(by_text("food"))), (Ids{"note", "fox"}));
  EXPECT_TRUE(test::ids(collection, collection.search(by_text("zebra"))).empty());
  EXPECT_TRUE(test::ids(collection, collection.search(by_text(""))).empty());
}

TEST(Query, BothLegsRankTogetherAndSayWhatEachGave) {
  const Collection collection = animals();
  const std::vector<float> query = {1, 0};
  const auto found = collection.search(by_both(query, "food"));
  const Ids ids = test::ids(collection, found);
  ASSERT_EQ(ids.size(), 4u);
  EXPECT_EQ(ids[0], "fox");
  EXPECT_EQ(found->mode, Mode::Hybrid);
  for (const ScoredDocument& hit : found->hits) {
    const std::string_view id = collection.id(hit.ordinal);
    EXPECT_EQ(hit.vector.present, id != "note") << id;
    EXPECT_EQ(hit.text.rank > 0, id == "fox" || id == "note") << id;
    if (id == "hare") {
      EXPECT_EQ(hit.text.score, 0.0f);
    }
  }
}

TEST(Query, AMissingScoreIsCompletedExactly) {
  Collection collection = test::collection_of(R"({"dimension":2,"index":{"kind":"flat"}})");
  std::vector<Doc> docs;
  for (int i = 0; i < 300; ++i) {
    const float angle = 0.01f * static_cast<float>(i);
    docs.push_back({"d" + std::to_string(i),
                    i >= 250 ? "rare word" : "common",
                    {},
                    {std::cos(angle), std::sin(angle)}});
  }
  test::apply(collection, test::write_bytes(WriteMode::Insert, docs));
  const std::vector<float> query = {1, 0};
  const auto found = collection.search(by_both(query, "rare", 150));
  ASSERT_TRUE(found.has_value());
  std::size_t completed = 0;
  for (const ScoredDocument& hit : found->hits) {
    ASSERT_TRUE(hit.vector.present);
    const float angle = 0.01f * static_cast<float>(hit.ordinal);
    EXPECT_NEAR(hit.vector.score, std::cos(angle), 1e-6);
    if (hit.vector.rank == 0) ++completed;
  }
  EXPECT_EQ(completed, 0u);  // 5 x 150 fetched: every document is in the list
  const auto narrow = collection.search(by_both(query, "rare", 10));
  for (const ScoredDocument& hit : narrow->hits) {
    const float angle = 0.01f * static_cast<float>(hit.ordinal);
    EXPECT_NEAR(hit.vector.score, std::cos(angle), 1e-6);
    EXPECT_EQ(hit.vector.rank > 0, hit.ordinal < 100);
    EXPECT_EQ(hit.text.score > 0, hit.ordinal >= 250);
  }
}

TEST(Query, AFilterGivesTheBestOfWhatMatchesInEveryMode) {
  const Collection collection = animals();
  const std::vector<float> query = {1, 0};
  const filter::Predicate four = predicate(R"({"legs":4})"), none = predicate(R"({"legs":9})");
  for (SearchRequest request :
       {by_vector(query), by_text("food grass"), by_both(query, "food grass")}) {
    request.filter = &four;
    const auto found = collection.search(request);
    Ids ids = test::ids(collection, found);
    std::sort(ids.begin(), ids.end());
    EXPECT_EQ(ids, (Ids{"fox", "hare"}));
    EXPECT_EQ(found->filter, FilterPath::Scan);
    request.filter = &none;
    EXPECT_TRUE(collection.search(request)->hits.empty());
  }
  const filter::Predicate bare = predicate(R"({"legs":{"$exists":false}})");
  SearchRequest request = by_vector(query);
  request.filter = &bare;
  EXPECT_EQ(test::ids(collection, collection.search(request)), Ids{"bare"});
}

TEST(Query, EqualScoresRankByTheOrderOfTheLastWrite) {
  Collection collection = test::collection_of(R"({"dimension":2,"index":{"kind":"flat"}})");
  test::upsert(collection,
               {{"a", "same", {}, {1, 1}}, {"b", "same", {}, {1, 1}}, {"c", "same", {}, {1, 1}}});
  test::upsert(collection, {{"a", "same", R"({"x":1})", {}, true}});
  const std::vector<float> query = {1, 1};
  for (const SearchRequest& request : {by_vector(query), by_text("same"), by_both(query, "same")}) {
    EXPECT_EQ(test::ids(collection, collection.search(request)), (Ids{"b", "c", "a"}));
  }
}

TEST(Query, HitsBelowTheLeastScoreAreDropped) {
  const Collection collection = animals();
  const std::vector<float> query = {1, 0};
  SearchRequest request = by_vector(query);
  request.has_min_score = true;
  request.min_score = 0.8f;
  EXPECT_EQ(test::ids(collection, collection.search(request)), (Ids{"fox", "hare"}));
  request.min_score = 2;
  EXPECT_TRUE(collection.search(request)->hits.empty());
}

TEST(Query, AZeroVectorIsAsNearToEveryDocument) {
  for (const char* options : {R"({"dimension":2,"index":{"kind":"flat"}})",
                              R"({"dimension":2,"index":{"kind":"hnsw"}})"}) {
    Collection collection = test::collection_of(options);
    test::upsert(collection,
                 {{"a", {}, {}, {1, 0}}, {"zero", {}, {}, {0, 0}}, {"b", {}, {}, {-1, 0}}});
    const std::vector<float> zero = {0, 0};
    const auto found = collection.search(by_vector(zero));
    EXPECT_EQ(test::ids(collection, found), (Ids{"a", "zero", "b"}));
    for (const ScoredDocument& hit : found->hits) EXPECT_EQ(hit.score, 0.0f);
  }
}

TEST(Query, AnEmptyCollectionFindsNothing) {
  const Collection collection = test::collection_of(R"({"dimension":2})");
  const std::vector<float> query = {1, 0};
  const filter::Predicate any = predicate("{}");
  for (SearchRequest request : {by_vector(query), by_text("fox"), by_both(query, "fox")}) {
    EXPECT_TRUE(test::ids(collection, collection.search(request)).empty());
    request.filter = &any;
    EXPECT_TRUE(test::ids(collection, collection.search(request)).empty());
  }
}

TEST(Query, WhatCannotBeAnsweredIsATypedError) {
  const Collection collection = animals();
  const std::vector<float> good = {1, 0}, nan = {NAN, 0}, three = {1, 2, 3};
  const auto error_of = [&](SearchRequest request, auto change) {
    change(request);
    const auto found = collection.search(request);
    EXPECT_FALSE(found.has_value());
    return found ? Error{} : found.error();
  };
  const auto nothing = [](SearchRequest&) {};
  EXPECT_EQ(error_of(by_vector(nan), nothing).message, "component 0 of the vector is NaN");
  EXPECT_EQ(error_of(by_both(nan, "fox"), nothing).code, ErrorCode::InvalidArgument);
  EXPECT_EQ(error_of(by_vector(three), nothing).message,
            "the query has 3 dimensions, the collection 2");
  EXPECT_EQ(error_of(by_vector(three), nothing).code, ErrorCode::DimensionMismatch);
  EXPECT_EQ(error_of(by_vector(good, 0), nothing).message, "k must be from 1 to 10000, got 0");
  EXPECT_EQ(error_of(by_vector(good, 10'001), nothing).code, ErrorCode::InvalidArgument);
  EXPECT_EQ(error_of(by_vector(good), [](auto& r) { r.ef = 65'537; }).message,
            "efSearch must be from 1 to 65536, got 65537");
  EXPECT_EQ(error_of(by_text("fox"), [](auto& r) { r.k1 = 11; }).message,
            "k1 must be from 0 to 10, got 11");
  EXPECT_EQ(error_of(by_text("fox"), [](auto& r) { r.b = NAN; }).message,
            "b must be from 0 to 1, got NaN");
  EXPECT_EQ(error_of(by_both(good, "fox"), [](auto& r) { r.fusion.rrf_k = -1; }).code,
            ErrorCode::InvalidArgument);
  EXPECT_EQ(
      error_of(by_vector(good), [](auto& r) { r.has_min_score = true, r.min_score = NAN; }).message,
      "minScore must be a number, got NaN");

  const Collection words = test::collection_of("{}");
  EXPECT_EQ(words.search(by_vector(good)).error().code, ErrorCode::InvalidQuery);
  EXPECT_EQ(words.search(by_both(good, "fox")).error().code, ErrorCode::InvalidQuery);
  const Collection numbers = test::collection_of(R"({"dimension":2,"text":false})");
  EXPECT_EQ(numbers.search(by_text("fox")).error().code, ErrorCode::InvalidQuery);
  EXPECT_EQ(numbers.search(by_both(good, "fox")).error().code, ErrorCode::InvalidQuery);
}

TEST(Query, WhenOneLegFindsNothingTheOtherDecides) {
  const Collection collection = animals();
  const std::vector<float> query = {1, 0};
  EXPECT_EQ(test::ids(collection, collection.search(by_both(query, "zebra"))),
            (Ids{"fox", "hare", "bare"}));
  Collection words = test::collection_of(R"({"dimension":2})");
  test::upsert(words, {{"a", "one fox", {}, {}}, {"b", "fox fox", {}, {}}});
  EXPECT_EQ(test::ids(words, words.search(by_both(query, "fox"))), (Ids{"b", "a"}));
}

TEST(Query, SelectiveFiltersOverAGraphStillGiveAllThatExists) {
  Collection collection =
      test::collection_of(R"({"dimension":16,"text":false,"index":{"kind":"hnsw","codec":"sq8"}})");
  const std::vector<float> vectors = corsac::test::clustered_vectors(1200, 16, 8, 1, 2);
  std::vector<Doc> docs;
  for (std::size_t i = 0; i < 1200; ++i) {
    const auto row = corsac::test::row_of(vectors, i, 16);
    docs.push_back({"d" + std::to_string(i),
                    {},
                    R"({"n":)" + std::to_string(i) + "}",
                    {row.begin(), row.end()}});
  }
  test::apply(collection, test::write_bytes(WriteMode::Insert, docs));
  test::remove(collection, {"d0", "d5"});
  const auto query = corsac::test::row_of(vectors, 77, 16);
  for (const std::size_t limit : {1u, 7u, 20u, 200u, 600u, 1100u, 1200u}) {
    const filter::Predicate below = predicate(R"({"n":{"$lt":)" + std::to_string(limit) + "}}");
    SearchRequest request = by_vector(query, 10);
    request.filter = &below;
    const auto found = collection.search(request);
    ASSERT_TRUE(found.has_value());
    const std::size_t existing = limit - (limit > 0 ? 1 : 0) - (limit > 5 ? 1 : 0);
    EXPECT_EQ(found->hits.size(), std::min<std::size_t>(10, existing)) << limit;
    for (const ScoredDocument& hit : found->hits) EXPECT_LT(hit.ordinal, limit);
  }
}

Ids members(const Collection& collection, const Result<Bitset>& set) {
  Ids out;
  set->for_each([&](std::size_t i) { out.emplace_back(collection.id(static_cast<Ordinal>(i))); });
  return out;
}

TEST(Query, WhatCouldBeFoundHasAVectorOrTheWordsAndPassesTheFilter) {
  Collection collection = animals();
  test::remove(collection, {"hare"});
  const std::vector<float> query = {1, 0};
  EXPECT_EQ(members(collection, collection.findable(by_vector(query, 1))), (Ids{"fox", "bare"}));
  EXPECT_EQ(members(collection, collection.findable(by_text("food grass", 1))),
            (Ids{"fox", "note"}));
  EXPECT_EQ(members(collection, collection.findable(by_both(query, "thought", 1))),
            (Ids{"fox", "note", "bare"}));
  const auto legs = predicate(R"({"legs":{"$exists":true}})");
  SearchRequest filtered = by_both(query, "thought", 1);
  filtered.filter = &legs;
  EXPECT_EQ(members(collection, collection.findable(filtered)), (Ids{"fox", "note"}));
  EXPECT_EQ(collection.findable(by_vector(query, 0)).error().code, ErrorCode::InvalidArgument);
}

TEST(Query, ADeeperFetchReachesDocumentsThatNeitherLegWouldName) {
  Collection collection = animals();
  const std::vector<float> query = {1, 0};
  SearchRequest request = by_both(query, "fox");
  request.fetch = 1;
  EXPECT_EQ(test::ids(collection, collection.search(request)), (Ids{"fox"}));
  request.fetch = 4;
  EXPECT_EQ(collection.search(request)->hits.size(), 3u);
  request.fetch = kMaxK + 1;
  EXPECT_EQ(collection.search(request).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace corsac::collection

#include "index/flat.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/sections.h"
#include "support/vectors.h"

namespace corsac::index {
namespace {

constexpr std::uint32_t kDimension = 24;

std::unique_ptr<VectorIndex> index_of(std::span<const float> vectors,
                                      Metric metric = Metric::Cosine) {
  auto index = create_index({.metric = metric, .dimension = kDimension});
  EXPECT_TRUE(index.has_value());
  (*index)->begin_append(vectors);
  Budget budget;
  EXPECT_TRUE((*index)->step(budget));
  return *std::move(index);
}

std::vector<Slot> slots_of(const Result<VectorResult>& result) {
  EXPECT_TRUE(result.has_value());
  return result.has_value() ? result->slots : std::vector<Slot>{};
}

TEST(Flat, FindsAStoredVectorByItself) {
  const auto vectors = test::random_vectors(100, kDimension, 1);
  for (const Metric metric : {Metric::Cosine, Metric::L2}) {
    const auto index = index_of(vectors, metric);
    for (Slot slot = 0; slot < 100; ++slot) {
      const auto result =
          index->search({.vector = test::row_of(vectors, slot, kDimension), .k = 1});
      ASSERT_EQ(slots_of(result), std::vector<Slot>{slot});
      EXPECT_NEAR(result->hits[0].score, metric == Metric::Cosine ? 1 : 0, 1e-6);
      EXPECT_TRUE(result->exact);
      EXPECT_EQ(result->examined, 100u);
    }
  }
}

TEST(Flat, RanksEqualScoresByOrdinal) {
  const auto index = index_of(std::vector<float>(5 * kDimension, 1.0f));
  const std::vector<float> query(kDimension, 1.0f);
  EXPECT_EQ(slots_of(index->search({.vector = query, .k = 3})), (std::vector<Slot>{0, 1, 2}));
  const Ordinal ordinals[] = {9, 8, 7, 6, 5};
  const auto result = index->search({.vector = query, .k = 3, .ordinals = ordinals});
  EXPECT_EQ(slots_of(result), (std::vector<Slot>{4, 3, 2}));
  EXPECT_EQ(result->hits[0].ordinal, 5u);
}

TEST(Flat, NeverReturnsARemovedSlot) {
  const auto vectors = test::random_vectors(50, kDimension, 2);
  const auto index = index_of(vectors);
  index->remove(7);
  index->remove(7);
  EXPECT_EQ(index->live(), 49u);
  EXPECT_EQ(index->size(), 50u);
  const auto result = index->search({.vector = test::row_of(vectors, 7, kDimension), .k = 50});
  EXPECT_EQ(result->slots.size(), 49u);
  EXPECT_EQ(std::count(result->slots.begin(), result->slots.end(), 7u), 0);
}

TEST(Flat, LooksAtAllowedSlotsOnly) {
  const auto vectors = test::random_vectors(200, kDimension, 3);
  const auto index = index_of(vectors);
  Bitset allowed(200);
  for (const std::size_t slot : {5u, 64u, 127u, 199u}) allowed.set(slot);
  const auto result = index->search({.vector = test::row_of(vectors, 0, kDimension),
                                     .k = 10,
                                     .allowed = &allowed,
                                     .allowed_count = 4});
  auto slots = slots_of(result);
  std::sort(slots.begin(), slots.end());
  EXPECT_EQ(slots, (std::vector<Slot>{5, 64, 127, 199}));
  EXPECT_EQ(result->examined, 4u);
}

TEST(Flat, GivesAZeroVectorScoreZeroUnderCosine) {
  auto vectors = test::random_vectors(3, kDimension, 4);
  std::fill(vectors.begin(), vectors.begin() + kDimension, 0.0f);
  const auto index = index_of(vectors);
  const Slot slot = 0;
  float score = 9;
  index->score(test::row_of(vectors, 1, kDimension), {&slot, 1}, {&score, 1});
  EXPECT_EQ(score, 0);
  const auto result = index->search({.vector = test::row_of(vectors, 0, kDimension), .k = 3});
  EXPECT_EQ(slots_of(result), (std::vector<Slot>{0, 1, 2}));
}

TEST(Flat, RefusesAQueryOfTheWrongLengthNamingBoth) {
  const auto index = index_of({});
  const auto result = index->search({.vector = std::vector<float>(kDimension + 1)});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::DimensionMismatch);
  EXPECT_EQ(result.error().message, "expected 24 dimensions, got 25");
}

TEST(Flat, RanksVectorsSoLongThatTheirScoresOverflow) {
  std::vector<float> vectors = test::random_vectors(6, kDimension, 8);
  for (float& x : vectors) x *= 3e38f;
  for (const CodecKind codec : {CodecKind::F32, CodecKind::Sq8}) {
    for (const Metric metric : {Metric::Cosine, Metric::Dot, Metric::L2}) {
      auto index = create_index({.codec = codec, .metric = metric, .dimension = kDimension});
      (*index)->begin_append(vectors);
      Budget budget;
      (*index)->step(budget);
      const auto result = (*index)->search({.vector = test::row_of(vectors, 2, kDimension)});
      ASSERT_EQ(result->hits.size(), 6u);
      for (const Hit& hit : result->hits) EXPECT_TRUE(std::isfinite(hit.score));
      test::MemorySections sections;
      (*index)->save(sections);
      EXPECT_TRUE(load_index((*index)->options(), sections, 6).has_value());
    }
  }
}

TEST(Flat, FindsNothingInAnEmptyIndex) {
  const auto index = index_of({});
  EXPECT_TRUE(slots_of(index->search({.vector = std::vector<float>(kDimension, 1.0f)})).empty());
}

TEST(Flat, ShowsAppendedVectorsOnlyAfterTheStepThatEndsIt) {
  const auto vectors = test::random_vectors(3, kDimension, 5);
  const auto index = index_of(vectors);
  index->begin_append(vectors);
  EXPECT_EQ(index->size(), 3u);
  EXPECT_EQ(index->search({.vector = std::vector<float>(kDimension, 1.0f)})->slots.size(), 3u);
  Budget budget;
  EXPECT_TRUE(index->step(budget));
  EXPECT_EQ(index->search({.vector = std::vector<float>(kDimension, 1.0f)})->slots.size(), 6u);
}

TEST(Flat, WritesOnlyTheTailOfItsCodes) {
  const auto vectors = test::random_vectors(10, kDimension, 6);
  const auto index = index_of(vectors);
  test::MemorySections sections;
  index->save(sections);
  index->begin_append(std::span(vectors).first(2 * kDimension));
  Budget budget;
  index->step(budget);
  index->remove(3);
  test::MemorySections tail;
  index->save(tail);
  EXPECT_EQ(tail.length(SectionId::Codes), 2 * kDimension * sizeof(float));
}

TEST(Flat, AnswersTheSameAfterSavingAndLoading) {
  const auto vectors = test::random_vectors(130, kDimension, 7);
  const auto index = index_of(vectors);
  index->remove(100);
  test::MemorySections sections;
  index->save(sections);
  const auto loaded = load_index(index->options(), sections, 130);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ((*loaded)->live(), 129u);
  for (Slot slot = 0; slot < 130; slot += 10) {
    const VectorQuery query{.vector = test::row_of(vectors, slot, kDimension), .k = 20};
    EXPECT_EQ(index->search(query)->hits, (*loaded)->search(query)->hits);
  }
}

TEST(Flat, OfALaterVersionIsAnUnsupportedFormat) {
  const auto index = index_of(test::random_vectors(10, kDimension, 1));
  test::MemorySections sections;
  index->save(sections);
  sections.bytes(SectionId::IndexMeta)[0] = std::byte{2};
  const auto loaded = load_index({.dimension = kDimension}, sections, 10);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::UnsupportedFormat);
}

TEST(CreateIndex, RefusesOptionsOutOfRange) {
  EXPECT_EQ(create_index({.dimension = 0}).error().message, "dimension is 0, expected 1 to 8192");
  EXPECT_EQ(create_index({.m = 3}).error().message, "m is 3, expected 4 to 64");
  EXPECT_EQ(create_index({.m = 16, .ef_construction = 15}).error().message,
            "efConstruction is 15, expected 16 to 4096");
  EXPECT_EQ(create_index({.ef_search = 0}).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace corsac::index

#include "collection/fusion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace corsac::collection {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

const std::vector<Hit> kVector = {{1, 0.9f}, {2, 0.7f}, {3, 0.5f}};
const std::vector<Hit> kText = {{3, 8.0f}, {4, 2.0f}};

/// Documents 1 to 4 of both legs, completed: 1 and 2 have no matching word, 4 is far away.
std::vector<ScoredDocument> candidates() {
  return {{.ordinal = 1, .score = 0, .vector = {0.9f, 1, true}, .text = {0, 0, true}},
          {.ordinal = 2, .score = 0, .vector = {0.7f, 2, true}, .text = {0, 0, true}},
          {.ordinal = 3, .score = 0, .vector = {0.5f, 3, true}, .text = {8, 1, true}},
          {.ordinal = 4, .score = 0, .vector = {0.1f, 0, true}, .text = {2, 2, true}}};
}

std::vector<ScoredDocument> fused(const Fusion& asked,
                                  std::vector<ScoredDocument> documents = candidates(),
                                  const std::vector<Hit>& vector = kVector,
                                  const std::vector<Hit>& text = kText) {
  const auto fusion = resolve(asked, 0.5f);
  EXPECT_TRUE(fusion.has_value());
  fuse(*fusion, statistics(vector), statistics(text), documents);
  return documents;
}

TEST(Fusion, StatisticsAreThoseOfTheListWithPopulationSigma) {
  const LegStatistics s = statistics(kText);
  EXPECT_EQ(s.count, 2u);
  EXPECT_EQ(s.min, 2);
  EXPECT_EQ(s.max, 8);
  EXPECT_EQ(s.mean, 5);
  EXPECT_EQ(s.sigma, 3);
  EXPECT_EQ(statistics({}).count, 0u);
}

TEST(Fusion, DbsfPlacesEachScoreBetweenThreeSigmasAndDoesNotClamp) {
  const double sigma = std::sqrt(0.08 / 3);
  const auto out = fused({});
  EXPECT_NEAR(out[0].score,
              0.5 * ((0.9 - (0.7 - 3 * sigma)) / (6 * sigma)) + 0.5 * ((0.0 + 4) / 18), 1e-6);
  EXPECT_NEAR(out[2].score,
              0.5 * ((0.5 - (0.7 - 3 * sigma)) / (6 * sigma)) + 0.5 * ((8.0 + 4) / 18), 1e-6);
  EXPECT_NEAR(out[3].score,
              0.5 * ((0.1 - (0.7 - 3 * sigma)) / (6 * sigma)) + 0.5 * ((2.0 + 4) / 18), 1e-6);
  EXPECT_LT((0.1 - (0.7 - 3 * sigma)) / (6 * sigma), 0);
}

TEST(Fusion, WeightedSumIsMinMaxWithTheOriginalsWeights) {
  const auto out = fused({.strategy = FusionStrategy::WeightedSum});
  EXPECT_NEAR(out[0].score, 0.7 * 1.0 + 0.3 * (-2.0 / 6), 1e-6);
  EXPECT_NEAR(out[1].score, 0.7 * 0.5 + 0.3 * (-2.0 / 6), 1e-6);
  EXPECT_NEAR(out[2].score, 0.3 * 1.0, 1e-6);
  EXPECT_NEAR(out[3].score, 0.7 * (-0.4 / 0.4), 1e-6);
}

TEST(Fusion, RrfRanksACompletedDocumentAfterTheLastOfTheLeg) {
  const auto out = fused({.strategy = FusionStrategy::Rrf});
  EXPECT_NEAR(out[0].score, 0.7 / 61 + 0.3 / 63, 1e-9);
  EXPECT_NEAR(out[1].score, 0.7 / 62 + 0.3 / 63, 1e-9);
  EXPECT_NEAR(out[2].score, 0.7 / 63 + 0.3 / 61, 1e-9);
  EXPECT_NEAR(out[3].score, 0.7 / 64 + 0.3 / 62, 1e-9);
}

TEST(Fusion, EqualScoresOfALegAreOneHalfUnderDbsfAndOneUnderWeightedSum) {
  const std::vector<Hit> equal = {{1, 0.5f}, {2, 0.5f}};
  const std::vector<ScoredDocument> documents = {
      {.ordinal = 1, .score = 0, .vector = {0.5f, 1, true}, .text = {}},
      {.ordinal = 2, .score = 0, .vector = {0.5f, 2, true}, .text = {}}};
  for (const auto& hit : fused({.vector_weight = 1}, documents, equal, {}))
    EXPECT_EQ(hit.score, 0.5f);
  for (const auto& hit :
       fused({.strategy = FusionStrategy::WeightedSum, .vector_weight = 1}, documents, equal, {})) {
    EXPECT_EQ(hit.score, 1.0f);
  }
}

TEST(Fusion, ALegWithoutHitsDropsOut) {
  for (const FusionStrategy strategy :
       {FusionStrategy::Dbsf, FusionStrategy::Rrf, FusionStrategy::WeightedSum}) {
    const auto out = fused({.strategy = strategy}, candidates(), kVector, {});
    EXPECT_GT(out[0].score, out[1].score);
    EXPECT_GT(out[1].score, out[2].score);
    EXPECT_GT(out[2].score, out[3].score);
  }
}

TEST(Fusion, ADocumentWithoutAVectorNeverGainsByTheLack) {
  for (const FusionStrategy strategy :
       {FusionStrategy::Dbsf, FusionStrategy::Rrf, FusionStrategy::WeightedSum}) {
    auto documents = candidates();
    documents.push_back({.ordinal = 5, .score = 0, .vector = {}, .text = {2, 2, true}});
    const auto out = fused({.strategy = strategy}, documents);
    EXPECT_EQ(out[4].score, out[3].score);
  }
}

TEST(Fusion, WeightsNotGivenAreTheEmbeddersUnderDbsfAndTheOriginalsElsewhere) {
  EXPECT_EQ(resolve({}, 0.25f)->vector_weight, 0.25f);
  EXPECT_EQ(resolve({}, 0.25f)->keyword_weight, 0.75f);
  EXPECT_EQ(resolve({.strategy = FusionStrategy::Rrf}, 0.25f)->vector_weight, 0.7f);
  EXPECT_EQ(resolve({.strategy = FusionStrategy::Rrf}, 0.25f)->keyword_weight, 0.3f);
  EXPECT_EQ(resolve({.vector_weight = 0}, 0.25f)->keyword_weight, 1.0f);
  EXPECT_EQ(resolve({.vector_weight = 0.5f, .keyword_weight = 0.25f}, 0.25f)->keyword_weight,
            0.25f);
}

TEST(Fusion, WeightsThatAreNoWeightsAreRefusedByName) {
  EXPECT_EQ(resolve({.vector_weight = kNan}, 0.5f).error().message,
            "fusion.vectorWeight must be a number from 0 to 1000000, got NaN");
  EXPECT_EQ(resolve({.keyword_weight = kNan}, 0.5f).error().message,
            "fusion.keywordWeight must be a number from 0 to 1000000, got NaN");
  EXPECT_EQ(resolve({.rrf_k = 0}, 0.5f).error().message,
            "fusion.rrfK must be a number above 0, at most 1000000, got 0");
  EXPECT_EQ(resolve({.vector_weight = 0, .keyword_weight = 0}, 0.5f).error().code,
            ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace corsac::collection

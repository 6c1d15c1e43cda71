#include "codec/reranked_codes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "codec/f16_codes.h"
#include "codec/rabitq_codes.h"
#include "codec/sq8_codes.h"
#include "math/normalise.h"
#include "support/sections.h"
#include "support/vectors.h"

namespace corsac::codec {
namespace {

constexpr std::size_t kDimension = 40, kCount = 50;

std::unique_ptr<Codec> half_store(Metric metric) {
  return std::make_unique<F16Codes>(metric, kDimension, SectionId::RerankCodes);
}

RerankedCodes empty_codes(Metric metric, std::unique_ptr<Codec> store) {
  return {std::make_unique<RabitqCodes>(metric, kDimension, 1u, 1), std::move(store)};
}

TEST(RerankedCodes, ScoreByTheSmallCodesAndPreciselyByTheFineOnes) {
  const auto vectors = test::random_vectors(kCount, kDimension, 1);
  RerankedCodes codes = empty_codes(Metric::Cosine, half_store(Metric::Cosine));
  codes.append(vectors);
  Query query;
  codes.prepare(test::row_of(vectors, 3, kDimension), query);
  const Slot slot = 3;
  float coarse, fine;
  codes.score(query, {&slot, 1}, {&coarse, 1});
  codes.score_precise(query, {&slot, 1}, {&fine, 1});
  EXPECT_NEAR(fine, 1, 1e-3);
  EXPECT_NEAR(coarse, 1, codes.error(query, slot));
  EXPECT_NE(coarse, fine);
  EXPECT_TRUE(codes.has_precise_score());
}

TEST(RerankedCodes, CompareStoredCodesByTheFineScores) {
  const auto vectors = test::random_vectors(kCount, kDimension, 2);
  RerankedCodes codes = empty_codes(Metric::Dot, half_store(Metric::Dot));
  codes.append(vectors);
  Query query;
  codes.prepare_stored(4, query);
  const Slot slot = 9;
  float score;
  codes.score(query, {&slot, 1}, {&score, 1});
  double dot = 0;
  for (std::size_t i = 0; i < kDimension; ++i)
    dot += double{vectors[4 * kDimension + i]} * double{vectors[9 * kDimension + i]};
  EXPECT_NEAR(score, dot, 0.02);
}

TEST(RerankedCodes, CompareStoredCodesByTheSmallScoresWhereTheseHaveLowBitsThemselves) {
  const auto vectors = test::random_vectors(kCount, kDimension, 2);
  RerankedCodes codes(std::make_unique<Sq8Codes>(Metric::Dot, kDimension), half_store(Metric::Dot));
  Sq8Codes alone(Metric::Dot, kDimension);
  codes.append(vectors);
  alone.append(vectors);
  Query both, one;
  codes.prepare_stored(4, both);
  alone.prepare_stored(4, one);
  const Slot slot = 9;
  float score, expected;
  codes.score(both, {&slot, 1}, {&score, 1});
  alone.score(one, {&slot, 1}, {&expected, 1});
  EXPECT_EQ(score, expected);
}

TEST(RerankedCodes, SaveBothSideBySide) {
  const auto vectors = test::random_vectors(kCount, kDimension, 3);
  const auto store = [] {
    return std::make_unique<Sq8Codes>(Metric::L2, kDimension, math::best_kernels(),
                                      SectionId::RerankCodes);
  };
  RerankedCodes codes = empty_codes(Metric::L2, store());
  codes.append(vectors);
  test::MemorySections sections;
  codes.save(sections);
  RerankedCodes loaded = empty_codes(Metric::L2, store());
  ASSERT_TRUE(loaded.load(sections, kCount).has_value());
  std::vector<float> before(kDimension), after(kDimension);
  codes.decode(8, before);
  loaded.decode(8, after);
  EXPECT_EQ(before, after);
  EXPECT_TRUE(loaded.same_code(8, 8));
  EXPECT_FALSE(loaded.same_code(8, 9));
  sections.bytes(SectionId::RerankCodes).pop_back();
  EXPECT_EQ(empty_codes(Metric::L2, store()).load(sections, kCount).error().code,
            ErrorCode::Corrupt);
}

TEST(F16Codes, ScoreByEachMetricWithinTheirPrecision) {
  const auto vectors = test::random_vectors(kCount, kDimension, 4);
  for (const Metric metric : {Metric::Cosine, Metric::Dot, Metric::L2}) {
    F16Codes codes(metric, kDimension, SectionId::RerankCodes);
    codes.append(vectors);
    Query query;
    codes.prepare(test::row_of(vectors, 0, kDimension), query);
    const Slot slots[] = {0, 1};
    float scores[2];
    codes.score(query, slots, scores);
    const double squared = std::pow(math::norm(test::row_of(vectors, 0, kDimension)), 2);
    EXPECT_NEAR(scores[0],
                metric == Metric::Cosine ? 1
                : metric == Metric::Dot  ? squared
                                         : 0,
                1e-2);
    EXPECT_GT(scores[0], scores[1]);
  }
}

TEST(F16Codes, RefuseACutSectionAndNumbersThatAreNone) {
  F16Codes codes(Metric::Dot, kDimension, SectionId::RerankCodes);
  codes.append(test::random_vectors(3, kDimension, 5));
  test::MemorySections sections;
  codes.save(sections);
  const auto load = [&](std::size_t count) {
    return F16Codes(Metric::Dot, kDimension, SectionId::RerankCodes).load(sections, count);
  };
  EXPECT_TRUE(load(3).has_value());
  EXPECT_EQ(load(4).error().code, ErrorCode::Corrupt);
  sections.bytes(SectionId::RerankCodes)[1] = std::byte{0x7C};
  EXPECT_EQ(load(3).error().message, "a stored half float is a NaN or an infinity");
}

}  // namespace
}  // namespace corsac::codec

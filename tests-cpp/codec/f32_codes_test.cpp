#include "codec/f32_codes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "support/sections.h"
#include "support/vectors.h"

namespace corsac::codec {
namespace {

constexpr std::size_t kDimension = 5;

TEST(F32Codes, ScoresByEachMetric) {
  const std::vector<float> vectors = {3, 0, 4, 0, 0, 0, 0, 0, 0, 0};
  const std::vector<float> vector = {6, 0, 8, 0, 0};
  const Slot slots[] = {0, 1};
  const struct {
    Metric metric;
    float first, second;
  } cases[] = {{Metric::Cosine, 1, 0}, {Metric::Dot, 50, 0}, {Metric::L2, -25, -100}};
  for (const auto& expected : cases) {
    F32Codes codes(expected.metric, kDimension);
    codes.append(vectors);
    Query query;
    codes.prepare(vector, query);
    float scores[2];
    codes.score(query, slots, scores);
    EXPECT_FLOAT_EQ(scores[0], expected.first);
    EXPECT_EQ(scores[1], expected.second);
  }
}

TEST(F32Codes, AStoredRowIsAQueryToo) {
  F32Codes codes(Metric::Cosine, kDimension);
  codes.append(test::random_vectors(9, kDimension, 1));
  Query query;
  codes.prepare_stored(4, query);
  const Slot slot = 4;
  float score;
  codes.score(query, {&slot, 1}, {&score, 1});
  EXPECT_NEAR(score, 1, 1e-6);
}

TEST(F32Codes, KnowsAZeroQuery) {
  F32Codes codes(Metric::Cosine, kDimension);
  Query query;
  codes.prepare(std::vector<float>(kDimension), query);
  EXPECT_TRUE(query.is_zero());
  codes.prepare(std::vector<float>(kDimension, -1.0f), query);
  EXPECT_FALSE(query.is_zero());
}

TEST(F32Codes, DecodesWhatItKeeps) {
  F32Codes codes(Metric::Dot, kDimension);
  const std::vector<float> vector = {1, -2, 3, -4, 5};
  codes.append(vector);
  std::vector<float> out(kDimension);
  codes.decode(0, out);
  EXPECT_EQ(out, vector);
}

TEST(F32Codes, TellsTwinsByTheirBytes) {
  F32Codes codes(Metric::Cosine, kDimension);
  codes.append(std::vector<float>(2 * kDimension, 3.0f));
  codes.append(test::random_vectors(1, kDimension, 2));
  EXPECT_TRUE(codes.same_code(0, 1));
  EXPECT_FALSE(codes.same_code(0, 2));
  EXPECT_EQ(codes.fingerprint(0), codes.fingerprint(1));
}

TEST(F32Codes, RefusesACutSectionAndNumbersThatAreNone) {
  F32Codes codes(Metric::Dot, kDimension);
  codes.append(test::random_vectors(3, kDimension, 3));
  test::MemorySections sections;
  codes.save(sections);
  EXPECT_TRUE(F32Codes(Metric::Dot, kDimension).load(sections, 3).has_value());
  EXPECT_EQ(F32Codes(Metric::Dot, kDimension).load(sections, 4).error().code, ErrorCode::Corrupt);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(sections.bytes(SectionId::Codes).data(), &nan, sizeof nan);
  EXPECT_EQ(F32Codes(Metric::Dot, kDimension).load(sections, 3).error().message,
            "a stored vector holds a NaN or an infinity");
}

}  // namespace
}  // namespace corsac::codec

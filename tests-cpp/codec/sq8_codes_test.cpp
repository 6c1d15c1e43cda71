#include "codec/sq8_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "math/normalise.h"
#include "support/sections.h"
#include "support/vectors.h"

namespace corsac::codec {
namespace {

constexpr std::size_t kDimension = 100;  // Not a multiple of any kernel's step, nor of 8.
constexpr std::size_t kCount = 60;

Sq8Codes codes_of(std::span<const float> vectors, Metric metric,
                  std::size_t dimension = kDimension) {
  Sq8Codes codes(metric, dimension);
  codes.append(vectors);
  return codes;
}

std::vector<Slot> all_slots(std::size_t count) {
  std::vector<Slot> slots(count);
  for (Slot slot = 0; slot < count; ++slot) slots[slot] = slot;
  return slots;
}

double reference(Metric metric, std::span<const float> a, std::span<const float> b) {
  double dot = 0, square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += double{a[i]} * double{b[i]};
    square += (double{a[i]} - double{b[i]}) * (double{a[i]} - double{b[i]});
  }
  if (metric == Metric::L2) return -square;
  const double lengths = metric == Metric::Cosine ? math::norm(a) * math::norm(b) : 1;
  return lengths == 0 ? 0 : dot / lengths;
}

TEST(Sq8Codes, DecodesEveryDimensionToWithinHalfAStep) {
  const auto vectors = test::random_vectors(kCount, kDimension, 1);
  const Sq8Codes codes = codes_of(vectors, Metric::Dot);
  std::vector<float> out(kDimension);
  for (Slot slot = 0; slot < kCount; ++slot) {
    codes.decode(slot, out);
    const auto row = test::row_of(vectors, slot, kDimension);
    const auto [low, high] = std::minmax_element(row.begin(), row.end());
    const float half_step = (*high - *low) / 255 / 2;
    for (std::size_t i = 0; i < kDimension; ++i)
      EXPECT_NEAR(out[i], row[i], half_step * 1.001f + 1e-7f);
  }
}

TEST(Sq8Codes, ScoresLieNearTheTrueOnesAndThePreciseOnesNearer) {
  const auto vectors = test::random_vectors(kCount, kDimension, 2);
  const auto slots = all_slots(kCount);
  for (const Metric metric : {Metric::Cosine, Metric::Dot, Metric::L2}) {
    const Sq8Codes codes = codes_of(vectors, metric);
    Query query;
    double coarse_error = 0, precise_error = 0;
    for (std::size_t q = 0; q < 10; ++q) {
      const auto vector = test::random_vectors(1, kDimension, 100 + q);
      codes.prepare(vector, query);
      std::vector<float> coarse(kCount), precise(kCount);
      codes.score(query, slots, coarse);
      codes.score_precise(query, slots, precise);
      for (const Slot slot : slots) {
        const double truth = reference(metric, vector, test::row_of(vectors, slot, kDimension));
        coarse_error += std::pow(coarse[slot] - truth, 2);
        precise_error += std::pow(precise[slot] - truth, 2);
      }
    }
    const double unit = metric == Metric::Cosine ? 1 : 33;  // the squared length of these vectors
    EXPECT_LT(std::sqrt(coarse_error / (10 * kCount)), 0.003 * unit);
    EXPECT_LT(precise_error, metric == Metric::L2 ? coarse_error : coarse_error / 4);
  }
}

TEST(Sq8Codes, ThePreciseScoreIsThatOfTheDecodedVector) {
  const auto vectors = test::random_vectors(kCount, kDimension, 3);
  const auto slots = all_slots(kCount);
  const auto vector = test::random_vectors(1, kDimension, 4);
  for (const Metric metric : {Metric::Cosine, Metric::Dot, Metric::L2}) {
    const Sq8Codes codes = codes_of(vectors, metric);
    Query query;
    codes.prepare(vector, query);
    std::vector<float> scores(kCount), decoded(kDimension);
    codes.score_precise(query, slots, scores);
    std::vector<float> unit(vector);
    if (metric == Metric::Cosine) math::normalise(vector, unit);
    for (const Slot slot : slots) {
      codes.decode(slot, decoded);
      const Metric plain = metric == Metric::Cosine ? Metric::Dot : metric;
      EXPECT_NEAR(scores[slot], reference(plain, unit, decoded), 2e-3) << slot;
    }
  }
}

TEST(Sq8Codes, AStoredRowIsAQueryToo) {
  const auto vectors = test::random_vectors(kCount, kDimension, 5);
  const auto slots = all_slots(kCount);
  for (const Metric metric : {Metric::Cosine, Metric::Dot, Metric::L2}) {
    const Sq8Codes codes = codes_of(vectors, metric);
    Query query;
    codes.prepare_stored(7, query);
    std::vector<float> scores(kCount);
    codes.score(query, slots, scores);
    const double unit = metric == Metric::Cosine ? 1 : 33;
    for (const Slot slot : slots) {
      const double truth = reference(metric, test::row_of(vectors, 7, kDimension),
                                     test::row_of(vectors, slot, kDimension));
      EXPECT_NEAR(scores[slot], truth, 0.01 * unit);
    }
  }
}

TEST(Sq8Codes, AZeroVectorScoresZeroExactly) {
  auto vectors = test::random_vectors(2, kDimension, 6);
  std::fill_n(vectors.begin(), kDimension, 0.0f);
  const Sq8Codes codes = codes_of(vectors, Metric::Cosine);
  const auto slots = all_slots(2);
  float scores[2];
  Query query;
  codes.prepare(test::row_of(vectors, 1, kDimension), query);
  codes.score_precise(query, slots, scores);
  EXPECT_EQ(scores[0], 0);
  EXPECT_NEAR(scores[1], 1, 1e-2);
  codes.prepare(test::row_of(vectors, 0, kDimension), query);
  EXPECT_TRUE(query.is_zero());
  codes.score_precise(query, slots, scores);
  EXPECT_EQ(scores[1], 0);
}

TEST(Sq8Codes, ConstantAndExtremeVectorsStayFinite) {
  std::vector<float> vectors(3 * kDimension, 2.5f);
  std::fill_n(vectors.begin() + kDimension, kDimension, 3.4e38f);
  std::fill_n(vectors.begin() + 2 * kDimension, kDimension, 1e-45f);
  const Sq8Codes codes = codes_of(vectors, Metric::Cosine);
  const auto slots = all_slots(3);
  Query query;
  codes.prepare(test::row_of(vectors, 1, kDimension), query);
  float scores[3];
  codes.score_precise(query, slots, scores);
  for (const float score : scores) EXPECT_NEAR(score, 1, 1e-4);
}

TEST(Sq8Codes, AQueryOfAnyLengthRanksAlike) {
  const auto vectors = test::random_vectors(kCount, kDimension, 7);
  const Sq8Codes codes = codes_of(vectors, Metric::Dot);
  std::vector<float> unscaled(kCount), scores(kCount);
  for (const float length : {1.0f, 1e-35f, 1e30f}) {
    std::vector<float> scaled(kDimension);
    for (std::size_t i = 0; i < kDimension; ++i) scaled[i] = length * vectors[i];
    Query query;
    codes.prepare(scaled, query);
    codes.score_precise(query, all_slots(kCount), scores);
    if (length == 1) unscaled = scores;
    for (std::size_t i = 0; i < kCount; ++i)
      EXPECT_NEAR(scores[i] / length, unscaled[i], 1e-4 * std::abs(unscaled[0])) << length;
  }
}

TEST(Sq8Codes, EveryInstructionSetScoresTheSame) {
  const auto vectors = test::random_vectors(kCount, kDimension, 8);
  const auto vector = test::random_vectors(1, kDimension, 9);
  const auto slots = all_slots(kCount);
  std::vector<float> first;
  for (const math::Isa isa : math::kAllIsas) {
    const math::Kernels* kernels = math::kernels_for(isa);
    if (kernels == nullptr) continue;
    Sq8Codes codes(Metric::L2, kDimension, *kernels);
    codes.append(vectors);
    Query query;
    codes.prepare(vector, query);
    std::vector<float> scores(2 * kCount);
    codes.score(query, slots, scores);
    codes.score_precise(query, slots, std::span(scores).subspan(kCount));
    if (first.empty()) first = scores;
    EXPECT_EQ(scores, first) << math::name(isa);
  }
}

TEST(Sq8Codes, EqualVectorsHaveEqualCodesAndFingerprints) {
  auto vectors = test::random_vectors(3, kDimension, 10);
  std::copy_n(vectors.begin(), kDimension, vectors.begin() + 2 * kDimension);
  const Sq8Codes codes = codes_of(vectors, Metric::Cosine);
  EXPECT_TRUE(codes.same_code(0, 2));
  EXPECT_FALSE(codes.same_code(0, 1));
  EXPECT_EQ(codes.fingerprint(0), codes.fingerprint(2));
  EXPECT_NE(codes.fingerprint(0), codes.fingerprint(1));
}

TEST(Sq8Codes, SavesTailsThatLoadAsOne) {
  const auto vectors = test::random_vectors(kCount, kDimension, 11);
  const auto half = std::span(vectors).first(kCount / 2 * kDimension);
  Sq8Codes codes = codes_of(half, Metric::Cosine);
  test::MemorySections sections;
  codes.save(sections);
  codes.append(std::span(vectors).subspan(half.size()));
  codes.save(sections);
  EXPECT_EQ(sections.length(SectionId::Codes), kCount * kDimension);
  EXPECT_EQ(sections.length(SectionId::CodePlanes), kCount * 13);
  EXPECT_EQ(sections.length(SectionId::CodeHeaders), kCount * 16);
  Sq8Codes loaded(Metric::Cosine, kDimension);
  ASSERT_TRUE(loaded.load(sections, kCount).has_value());
  std::vector<float> before(kDimension), after(kDimension);
  for (Slot slot = 0; slot < kCount; ++slot) {
    codes.decode(slot, before);
    loaded.decode(slot, after);
    EXPECT_EQ(before, after);
  }
}

TEST(Sq8Codes, RefusesDamagedSections) {
  Sq8Codes codes = codes_of(test::random_vectors(4, kDimension, 12), Metric::Cosine);
  test::MemorySections good;
  codes.save(good);
  const auto load = [&](SectionId id, std::size_t at, std::uint8_t value) {
    test::MemorySections bad = good;
    bad.bytes(id)[at] = static_cast<std::byte>(value);
    return Sq8Codes(Metric::Cosine, kDimension).load(bad, 4);
  };
  EXPECT_EQ(load(SectionId::Codes, 5, 200).error().message,
            "sq8 codes: a code of more than seven bits");
  EXPECT_FALSE(load(SectionId::Codes, 5, 127).has_value()) << "the header's sum tells";
  EXPECT_FALSE(load(SectionId::CodePlanes, 12, 0xF0).has_value()) << "bits past the dimension";
  EXPECT_FALSE(load(SectionId::CodeHeaders, 3, 0xFF).has_value()) << "a scale that is no number";
  test::MemorySections cut = good;
  cut.bytes(SectionId::Codes).pop_back();
  EXPECT_EQ(Sq8Codes(Metric::Cosine, kDimension).load(cut, 4).error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace corsac::codec

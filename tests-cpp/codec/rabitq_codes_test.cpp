#include "codec/rabitq_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/checksum.h"
#include "math/normalise.h"
#include "support/sections.h"
#include "support/vectors.h"

namespace corsac::codec {
namespace {

constexpr std::size_t kDimension = 100;  // Not a multiple of 64: padded to 128.
constexpr std::size_t kCount = 200;

class RabitqBits : public testing::TestWithParam<unsigned> {
 protected:
  RabitqCodes codes_of(std::span<const float> vectors, Metric metric,
                       std::size_t dimension = kDimension) const {
    RabitqCodes codes(metric, dimension, GetParam(), 1);
    codes.append(vectors);
    return codes;
  }
};
INSTANTIATE_TEST_SUITE_P(Bits, RabitqBits, testing::Values(1u, 2u, 4u),
                         [](const auto& bits) { return std::to_string(bits.param); });

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

TEST_P(RabitqBits, StayWithinTheirBoundInNineteenCasesOfTwentyAndAreNotBiased) {
  const auto vectors = test::clustered_vectors(kCount, kDimension, 20, 1, 2);
  const auto queries = test::clustered_vectors(20, kDimension, 20, 1, 3);
  for (const Metric metric : {Metric::Cosine, Metric::Dot, Metric::L2}) {
    const RabitqCodes codes = codes_of(vectors, metric);
    std::size_t inside = 0, all = 0;
    double bias = 0, spread = 0;
    for (std::size_t q = 0; q < 20; ++q) {
      Query query;
      codes.prepare(test::row_of(queries, q, kDimension), query);
      for (Slot slot = 0; slot < kCount; ++slot) {
        float score;
        codes.score(query, {&slot, 1}, {&score, 1});
        const double error = score - reference(metric, test::row_of(queries, q, kDimension),
                                               test::row_of(vectors, slot, kDimension));
        const float bound = codes.error(query, slot);
        inside += std::abs(error) <= bound ? 1 : 0;
        bias += error / bound;
        spread += std::abs(error) / bound;
        ++all;
      }
    }
    EXPECT_GE(static_cast<double>(inside) / static_cast<double>(all), 0.93)
        << static_cast<int>(metric);
    EXPECT_GE(spread / static_cast<double>(all), 0.1) << "a bound that says something";
    EXPECT_LT(std::abs(bias) / static_cast<double>(all), 0.12) << static_cast<int>(metric);
  }
}

TEST_P(RabitqBits, DecodeToWhatScoresAlike) {
  const auto vectors = test::random_vectors(kCount, kDimension, 5);
  const RabitqCodes codes = codes_of(vectors, Metric::Dot);
  const double least_cosine = GetParam() == 4 ? 0.98 : GetParam() == 2 ? 0.9 : 0.75;
  std::vector<float> out(kDimension);
  for (Slot slot = 0; slot < kCount; ++slot) {
    codes.decode(slot, out);
    const auto row = test::row_of(vectors, slot, kDimension);
    EXPECT_GT(reference(Metric::Cosine, out, row), least_cosine);
  }
}

TEST_P(RabitqBits, TakeAStoredRowAsTheQuery) {
  const auto vectors = test::random_vectors(kCount, kDimension, 6);
  const RabitqCodes codes = codes_of(vectors, Metric::Cosine);
  Query query;
  codes.prepare_stored(7, query);
  std::vector<Slot> slots(kCount);
  for (Slot slot = 0; slot < kCount; ++slot) slots[slot] = slot;
  std::vector<float> scores(kCount);
  codes.score(query, slots, scores);
  EXPECT_EQ(std::max_element(scores.begin(), scores.end()) - scores.begin(), 7);
}

TEST_P(RabitqBits, ScoreZeroVectorsAndKnowZeroQueries) {
  std::vector<float> vectors(2 * kDimension);
  std::fill(vectors.begin() + kDimension, vectors.end(), 2.0f);
  const RabitqCodes codes = codes_of(vectors, Metric::Cosine);
  Query query;
  codes.prepare(test::row_of(vectors, 1, kDimension), query);
  EXPECT_FALSE(query.is_zero());
  const Slot slots[] = {0, 1};
  float scores[2];
  codes.score(query, slots, scores);
  EXPECT_EQ(scores[0], 0);
  EXPECT_NEAR(scores[1], 1, 0.3);
  codes.prepare(test::row_of(vectors, 0, kDimension), query);
  EXPECT_TRUE(query.is_zero());
  std::vector<float> out(kDimension, 1.0f);
  codes.decode(0, out);
  EXPECT_EQ(out, std::vector<float>(kDimension));
}

TEST_P(RabitqBits, StayFiniteForExtremeVectors) {
  std::vector<float> vectors(2 * kDimension, std::numeric_limits<float>::max());
  std::fill(vectors.begin() + kDimension, vectors.end(), 1e-38f);
  for (const Metric metric : {Metric::Cosine, Metric::Dot, Metric::L2}) {
    const RabitqCodes codes = codes_of(vectors, metric);
    for (Slot row = 0; row < 2; ++row) {
      Query query;
      codes.prepare(test::row_of(vectors, row, kDimension), query);
      for (Slot slot = 0; slot < 2; ++slot) {
        float score;
        codes.score(query, {&slot, 1}, {&score, 1});
        EXPECT_TRUE(std::isfinite(score)) << static_cast<int>(metric);
      }
    }
  }
}

TEST_P(RabitqBits, EncodeAndScoreTheSameOnEveryInstructionSet) {
  const auto vectors = test::clustered_vectors(kCount, kDimension, 5, 1, 8);
  std::uint64_t expected = 0;
  for (const math::Isa isa : math::kAllIsas) {
    const math::Kernels* const kernels = math::kernels_for(isa);
    if (kernels == nullptr) continue;
    RabitqCodes codes(Metric::L2, kDimension, GetParam(), 9, *kernels);
    codes.append(vectors);
    test::MemorySections sections;
    codes.save(sections);
    Query query;
    codes.prepare(test::row_of(vectors, 3, kDimension), query);
    std::vector<float> scores;
    for (Slot slot = 0; slot < kCount; ++slot) {
      scores.emplace_back();
      codes.score(query, {&slot, 1}, {&scores.back(), 1});
    }
    const std::uint64_t hash = checksum64(sections.section(SectionId::Codes),
                                          checksum64(std::as_bytes(std::span(scores))));
    if (expected == 0) expected = hash;
    EXPECT_EQ(hash, expected) << math::name(isa);
  }
  // The same number natively, on ARM and as wasm.
  EXPECT_EQ(expected, GetParam() == 1   ? 9184439350798681663u
                      : GetParam() == 2 ? 14470716141504078734u
                                        : 1352570775289370958u);
}

TEST_P(RabitqBits, SaveTailsThatLoadAsOneAndRefuseDamage) {
  const auto vectors = test::random_vectors(10, kDimension, 11);
  RabitqCodes codes = codes_of(std::span(vectors).first(6 * kDimension), Metric::Cosine);
  test::MemorySections sections;
  codes.save(sections);
  codes.append(std::span(vectors).subspan(6 * kDimension));
  codes.save(sections);
  const auto fresh = [&] { return RabitqCodes(Metric::Cosine, kDimension, GetParam(), 1); };
  RabitqCodes loaded = fresh();
  ASSERT_TRUE(loaded.load(sections, 10).has_value());
  EXPECT_EQ(loaded.fingerprint(9), codes.fingerprint(9));
  EXPECT_EQ(fresh().load(sections, 9).error().code, ErrorCode::Corrupt);
  const std::size_t stride = sections.section(SectionId::Codes).size() / 10;
  for (std::size_t field = 0; field < 3; ++field) {
    test::MemorySections bad = sections;
    bad.bytes(SectionId::Codes)[stride * 4 - 1 - 4 * field] = std::byte{0xFF};
    EXPECT_EQ(fresh().load(bad, 10).error().code, ErrorCode::Corrupt) << field;
  }
}

}  // namespace
}  // namespace corsac::codec

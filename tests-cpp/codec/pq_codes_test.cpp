#include "codec/pq_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/checksum.h"
#include "codec/k_means.h"
#include "support/sections.h"
#include "support/vectors.h"

namespace corsac::codec {
namespace {

constexpr std::size_t kDimension = 30;  // Pieces of four and of five dimensions.
constexpr std::size_t kCount = 1100;
constexpr PqShape kEight{.subvectors = 7, .bits = 8, .iterations = 5};
constexpr PqShape kFour{.subvectors = 7, .bits = 4, .iterations = 5};

const std::vector<float>& vectors() {
  static const std::vector<float> out = test::clustered_vectors(kCount, kDimension, 20, 1, 2);
  return out;
}

PqCodes codes_of(Metric metric, const PqShape& shape, std::size_t count = kCount) {
  PqCodes codes(metric, kDimension, shape, 3);
  codes.append(std::span(vectors()).first(count * kDimension));
  return codes;
}

void find_centroids(std::size_t dimension, const std::vector<float>& points,
                    std::vector<float>& centroids, std::uint64_t units = ~std::uint64_t{0}) {
  KMeans means({dimension, 25, 1}, math::best_kernels(), points, centroids);
  for (Budget budget{units}; !means.step(budget);) budget.left = units;
}

TEST(KMeans, FindsTheCentresOfClouds) {
  std::vector<float> points;
  Random random(5);
  for (int i = 0; i < 600; ++i)
    for (int j = 0; j < 2; ++j)
      points.push_back(static_cast<float>(i % 3 * 10 + j) + random.uniform() - 0.5f);
  std::vector<float> centroids(3 * 2);
  find_centroids(2, points, centroids);
  for (int cloud = 0; cloud < 3; ++cloud) {
    double nearest = 1e9;
    for (std::size_t c = 0; c < 3; ++c)
      nearest = std::min(nearest, std::hypot(double{centroids[2 * c]} - cloud * 10,
                                             double{centroids[2 * c + 1]} - 1 - cloud * 10.0));
    EXPECT_LT(nearest, 0.2);
  }
}

TEST(KMeans, TakesFewerDistinctPointsThanCentroids) {
  const std::vector<float> points(40, 2.0f);
  std::vector<float> centroids(16 * 4, -1.0f);
  find_centroids(4, points, centroids);
  for (const float x : centroids) EXPECT_EQ(x, 2.0f);
}

TEST(KMeans, FindsTheSameInSlicesOfAnySize) {
  std::vector<float> whole(16 * 3), sliced = whole;
  const std::vector<float> points = test::clustered_vectors(200, 3, 20, 1, 2);
  find_centroids(3, points, whole);
  find_centroids(3, points, sliced, 1);
  EXPECT_EQ(whole, sliced);
}

TEST(PqCodes, AreExactUntilTheThousandthVector) {
  const PqCodes codes = codes_of(Metric::Dot, kEight, 999);
  EXPECT_TRUE(codes.is_lossless());
  EXPECT_FALSE(codes.is_trained());
  Query query;
  codes.prepare(test::row_of(vectors(), 1, kDimension), query);
  const Slot slot = 2;
  float score;
  codes.score(query, {&slot, 1}, {&score, 1});
  double dot = 0;
  for (std::size_t i = 0; i < kDimension; ++i)
    dot += double{vectors()[kDimension + i]} * double{vectors()[2 * kDimension + i]};
  EXPECT_NEAR(score, dot, 1e-4);
  EXPECT_TRUE(codes_of(Metric::Dot, kEight, 1000).is_trained());
}

TEST(PqCodes, ScoreAsTheirDecodedVectorsDo) {
  for (const PqShape& shape : {kEight, kFour}) {
    for (const Metric metric : {Metric::Cosine, Metric::Dot, Metric::L2}) {
      const PqCodes codes = codes_of(metric, shape);
      Query query;
      codes.prepare_stored(5, query);
      std::vector<float> own(kDimension), other(kDimension);
      codes.decode(5, own);
      for (Slot slot = 0; slot < kCount; slot += 97) {
        codes.decode(slot, other);
        double dot = 0, square = 0;
        for (std::size_t i = 0; i < kDimension; ++i) {
          dot += double{own[i]} * double{other[i]};
          square += (double{own[i]} - double{other[i]}) * (double{own[i]} - double{other[i]});
        }
        float score;
        codes.score(query, {&slot, 1}, {&score, 1});
        // Entries of tables of four bits are rounded to 1/255 of their range.
        const double bound = shape.bits == 4 ? 7 * 0.02 * (1 + std::abs(dot) + square) : 1e-3;
        EXPECT_NEAR(score, metric == Metric::L2 ? -square : dot, bound);
      }
    }
  }
}

TEST(PqCodes, ScoreTheSameOnEveryInstructionSetAndInEveryCompany) {
  std::vector<Slot> slots(kCount);
  for (Slot slot = 0; slot < kCount; ++slot) slots[slot] = slot * 7 % kCount;
  std::uint64_t expected = 0;
  for (const math::Isa isa : math::kAllIsas) {
    const math::Kernels* const kernels = math::kernels_for(isa);
    if (kernels == nullptr) continue;
    PqCodes codes(Metric::Cosine, kDimension, kFour, 3, *kernels);
    codes.append(vectors());
    Query query;
    codes.prepare(test::row_of(vectors(), 3, kDimension), query);
    std::vector<float> scores(kCount), alone(1);
    codes.score(query, slots, scores);
    for (std::size_t i = 0; i < kCount; i += 37) {
      codes.score(query, std::span(slots).subspan(i, 1), alone);
      ASSERT_EQ(alone[0], scores[i]);
    }
    const std::uint64_t hash = checksum64(std::as_bytes(std::span(scores)));
    if (expected == 0) expected = hash;
    EXPECT_EQ(hash, expected) << math::name(isa);
  }
}

TEST(PqCodes, KeepWhatIsNear) {
  const PqCodes eight = codes_of(Metric::L2, kEight), four = codes_of(Metric::L2, kFour);
  std::vector<float> out(kDimension);
  double lost_eight = 0, lost_four = 0, all = 0;
  for (Slot slot = 0; slot < kCount; ++slot) {
    const auto row = test::row_of(vectors(), slot, kDimension);
    for (const auto& [codes, lost] : {std::pair{&eight, &lost_eight}, {&four, &lost_four}}) {
      codes->decode(slot, out);
      for (std::size_t i = 0; i < kDimension; ++i)
        *lost += (double{out[i]} - double{row[i]}) * (double{out[i]} - double{row[i]});
    }
    for (const float x : row) all += double{x} * double{x};
  }
  EXPECT_LT(lost_eight, 0.1 * all);
  EXPECT_LT(lost_eight, lost_four);
  EXPECT_LT(lost_four, 0.4 * all);
}

TEST(PqCodes, LearnTheSameOnEveryInstructionSet) {
  std::uint64_t expected = 0;
  for (const math::Isa isa : math::kAllIsas) {
    const math::Kernels* const kernels = math::kernels_for(isa);
    if (kernels == nullptr) continue;
    PqCodes codes(Metric::Cosine, kDimension, kFour, 3, *kernels);
    codes.append(vectors());
    test::MemorySections sections;
    codes.save(sections);
    const std::uint64_t hash = checksum64(sections.section(SectionId::Codes),
                                          checksum64(sections.section(SectionId::Codebook)));
    if (expected == 0) expected = hash;
    EXPECT_EQ(hash, expected) << math::name(isa);
  }
}

TEST(PqCodes, SaveVectorsFirstAndCodesAfterwards) {
  PqCodes codes = codes_of(Metric::Cosine, kFour, 600);
  test::MemorySections sections;
  codes.save(sections);
  EXPECT_EQ(sections.section(SectionId::Codes).size(), 600 * kDimension * sizeof(float));
  PqCodes loaded(Metric::Cosine, kDimension, kFour, 3);
  ASSERT_TRUE(loaded.load(sections, 600).has_value());
  const auto rest = std::span(vectors()).subspan(600 * kDimension);
  codes.append(rest.first(450 * kDimension));
  loaded.append(rest.first(450 * kDimension));
  EXPECT_EQ(codes.fingerprint(1049), loaded.fingerprint(1049));
  codes.save(sections);
  codes.append(rest.subspan(450 * kDimension));
  codes.save(sections);
  EXPECT_EQ(sections.section(SectionId::Codes).size(), kCount * 4);
  PqCodes again(Metric::Cosine, kDimension, kFour, 3);
  ASSERT_TRUE(again.load(sections, kCount).has_value());
  for (Slot slot = 0; slot < kCount; slot += 50)
    EXPECT_EQ(again.fingerprint(slot), codes.fingerprint(slot));
}

TEST(PqCodes, LearnFromASampleBeforeTheFirstVectorComes) {
  const auto sample = std::span(vectors()).first(900 * kDimension);
  const auto trained = [&](std::uint64_t units) {
    PqCodes codes(Metric::Cosine, kDimension, kFour, 3);
    for (Budget budget{units}; !codes.learn(sample, budget);) budget.left = units;
    codes.append(std::span(vectors()).first(20 * kDimension));
    return codes;
  };
  PqCodes codes = trained(~std::uint64_t{0});
  EXPECT_TRUE(codes.is_trained());
  EXPECT_EQ(codes.code_bytes(), 20 * 4 + 16 * kDimension * sizeof(float));
  EXPECT_TRUE(std::ranges::equal(codes.learnt(), trained(1000).learnt()));
  test::MemorySections sections;
  codes.save(sections);
  PqCodes loaded(Metric::Cosine, kDimension, kFour, 3);
  ASSERT_TRUE(loaded.load(sections, 20).has_value());
  PqCodes heir(Metric::Cosine, kDimension, kFour, 3);
  heir.adopt(codes.learnt());
  for (PqCodes* each : {&codes, &loaded, &heir})
    each->append(std::span(vectors()).subspan(900 * kDimension));
  EXPECT_EQ(codes.fingerprint(219), loaded.fingerprint(219));
  EXPECT_EQ(codes.fingerprint(219), heir.fingerprint(199));
}

TEST(PqCodes, RefuseDamage) {
  PqCodes codes = codes_of(Metric::Cosine, kFour);
  test::MemorySections good;
  codes.save(good);
  const auto refused = [](const test::MemorySections& sections, std::size_t count = kCount) {
    const Status loaded = PqCodes(Metric::Cosine, kDimension, kFour, 3).load(sections, count);
    return !loaded && loaded.error().code == ErrorCode::Corrupt;
  };
  EXPECT_FALSE(refused(good));
  EXPECT_TRUE(refused(good, kCount - 1));
  test::MemorySections bad = good;
  bad.bytes(SectionId::Codebook).pop_back();
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.bytes(SectionId::Codebook).clear();
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.bytes(SectionId::Codebook)[3] = bad.bytes(SectionId::Codebook)[2] = std::byte{0xFF};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.bytes(SectionId::Codes)[7] = std::byte{0xF0};
  EXPECT_TRUE(refused(bad));
}

}  // namespace
}  // namespace corsac::codec

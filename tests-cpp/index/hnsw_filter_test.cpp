#include <gtest/gtest.h>

#include <algorithm>

#include "index/oracle.h"
#include "index/plan.h"

namespace corsac::index {
namespace {

constexpr std::uint32_t kDimension = 32;
constexpr std::size_t kCount = 6000;

IndexOptions options_of(CodecKind codec) {
  return {.kind = Kind::Hnsw,
          .codec = codec,
          .dimension = kDimension,
          .m = 10,
          .ef_construction = 60,
          .ef_search = 50};
}

const std::vector<float>& base() {
  static const std::vector<float> vectors = test::clustered_vectors(kCount, kDimension, 40, 1, 2);
  return vectors;
}
const std::vector<float>& queries() {
  static const std::vector<float> vectors = test::clustered_vectors(60, kDimension, 40, 1, 3);
  return vectors;
}
const VectorIndex& built(CodecKind codec) {
  static const auto f32 = make_index(options_of(CodecKind::F32), base());
  static const auto sq8 = make_index(options_of(CodecKind::Sq8), base());
  return codec == CodecKind::F32 ? *f32 : *sq8;
}
const VectorIndex& oracle() {
  static const auto flat = make_index({.dimension = kDimension}, base());
  return *flat;
}

Bitset random_subset(double share, std::uint64_t seed) {
  Random random(seed);
  Bitset out(kCount);
  for (std::size_t slot = 0; slot < kCount; ++slot) {
    if (random.uniform() < share) out.set(slot);
  }
  return out;
}

class HnswFilter : public testing::TestWithParam<CodecKind> {};
INSTANTIATE_TEST_SUITE_P(Codecs, HnswFilter, testing::Values(CodecKind::F32, CodecKind::Sq8),
                         [](const auto& codec) {
                           return codec.param == CodecKind::F32 ? "f32" : "sq8";
                         });

TEST_P(HnswFilter, KeepsItsRecallHoweverFewMatch) {
  for (const double share : {0.9, 0.5, 0.3, 0.1, 0.05, 0.01, 0.001}) {
    const Bitset allowed = random_subset(share, 17);
    const VectorQuery query{.vector = {}, .allowed = &allowed, .allowed_count = allowed.count()};
    EXPECT_GE(recall(built(GetParam()), oracle(), queries(), query), 0.95) << share;
  }
}

/// A share of the slots shaped like a cluster: those nearest to a vector, or farthest from it.
Bitset correlated_subset(std::span<const float> vector, double share, bool is_near) {
  const auto ranked = oracle().search({.vector = vector, .k = kCount});
  const auto count = static_cast<std::size_t>(share * kCount);
  Bitset out(kCount);
  for (std::size_t i = 0; i < count; ++i)
    out.set(ranked->slots[is_near ? i : ranked->slots.size() - 1 - i]);
  return out;
}

TEST_P(HnswFilter, KeepsItsRecallWhereMatchesGatherNearTheQueryOrFarFromIt) {
  constexpr std::size_t kAsked = 12;
  for (const bool is_near : {true, false}) {
    for (const double share : {0.5, 0.1, 0.05, 0.01, 0.001}) {
      std::size_t right = 0, wanted = 0;
      for (std::size_t q = 0; q < kAsked; ++q) {
        const auto vector = test::row_of(queries(), q, kDimension);
        const Bitset allowed = correlated_subset(vector, share, is_near);
        VectorQuery query{.vector = vector, .allowed = &allowed, .allowed_count = allowed.count()};
        const auto hits = built(GetParam()).search(query)->hits;
        query.force_scan = true;
        const auto best = built(GetParam()).search(query)->hits;
        ASSERT_EQ(hits.size(), best.size());
        wanted += best.size();
        for (const Hit& hit : hits) right += hit.score >= best.back().score ? 1 : 0;
      }
      EXPECT_GE(right * 100, wanted * 95) << (is_near ? "near " : "far ") << share;
    }
  }
}

TEST_P(HnswFilter, ReturnsOnlyWhatIsAllowed) {
  const Bitset allowed = random_subset(0.4, 18);
  for (std::size_t q = 0; q < 60; ++q) {
    const auto result = built(GetParam())
                            .search({.vector = test::row_of(queries(), q, kDimension),
                                     .k = 30,
                                     .allowed = &allowed,
                                     .allowed_count = allowed.count()});
    ASSERT_EQ(result->slots.size(), 30u);
    for (const Slot slot : result->slots) ASSERT_TRUE(allowed.test(slot));
  }
}

TEST_P(HnswFilter, WalksWhenManyMatchAndScansWhenFewDo) {
  const auto path = [&](double share) {
    const Bitset allowed = random_subset(share, 19);
    return built(GetParam())
        .search({.vector = test::row_of(queries(), 0, kDimension),
                 .allowed = &allowed,
                 .allowed_count = allowed.count()})
        ->path;
  };
  EXPECT_EQ(path(0.8), Path::Graph);
  EXPECT_EQ(path(0.01), Path::Scan);
}

TEST_P(HnswFilter, FindsMatchesThatLieFarFromTheQuery) {
  // Everything near the query is forbidden: a walk that begins there meets nothing that it may
  // return.
  std::size_t found = 0;
  for (std::size_t q = 0; q < 20; ++q) {
    const auto near =
        oracle().search({.vector = test::row_of(queries(), q, kDimension), .k = 3000});
    Bitset allowed(kCount, true);
    for (const Slot slot : near->slots) allowed.reset(slot);
    VectorQuery query{.vector = test::row_of(queries(), q, kDimension),
                      .allowed = &allowed,
                      .allowed_count = 3000};
    const auto slots = built(GetParam()).search(query)->slots;
    query.force_scan = true;
    const auto best = built(GetParam()).search(query)->slots;
    for (const Slot slot : best)
      found += std::find(slots.begin(), slots.end(), slot) != slots.end() ? 1 : 0;
  }
  EXPECT_GE(found, 180u) << "of 200";
}

TEST_P(HnswFilter, CostsAtMostAboutTwoScans) {
  for (const double share : {0.7, 0.3, 0.1, 0.01}) {
    const Bitset allowed = random_subset(share, 20);
    const std::size_t count = allowed.count();
    for (std::size_t q = 0; q < 60; ++q) {
      const auto result = built(GetParam())
                              .search({.vector = test::row_of(queries(), q, kDimension),
                                       .allowed = &allowed,
                                       .allowed_count = count});
      EXPECT_LE(result->examined, 2 * count + 400);
    }
  }
}

TEST_P(HnswFilter, FindsNothingWhereNothingIsAllowed) {
  const Bitset none(kCount);
  EXPECT_TRUE(built(GetParam())
                  .search({.vector = test::row_of(queries(), 0, kDimension), .allowed = &none})
                  ->hits.empty());
}

TEST_P(HnswFilter, SeesTheTwinsOfAForbiddenRepresentative) {
  std::vector<float> vectors(base());
  for (const std::size_t twin : {500u, 1500u, 2500u}) {
    std::copy_n(vectors.begin(), kDimension,
                vectors.begin() + static_cast<std::ptrdiff_t>(twin * kDimension));
  }
  const auto index = make_index(options_of(GetParam()), vectors);
  Bitset allowed(kCount, true);
  allowed.reset(0);
  allowed.reset(1500);
  const auto result = index->search({.vector = test::row_of(vectors, 0, kDimension),
                                     .k = 2,
                                     .allowed = &allowed,
                                     .allowed_count = kCount - 2});
  EXPECT_EQ(result->path, Path::Graph);
  EXPECT_EQ(result->slots, (std::vector<Slot>{500, 2500}));
}

TEST(Plan, ScansSmallSetsAndWidePools) {
  EXPECT_TRUE(should_scan(500, 500, 80));
  EXPECT_FALSE(should_scan(100'000, 100'000, 80));
  EXPECT_TRUE(should_scan(1000, 100'000, 80));
  EXPECT_TRUE(should_scan(100'000, 100'000, 10'000))
      << "a pool of 10,000 costs more than 100,000 codes in order";
}

}  // namespace
}  // namespace corsac::index

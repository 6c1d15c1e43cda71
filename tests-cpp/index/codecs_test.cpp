// Every codec and rerank store in both kinds of index: what they find, and that they stay what they
// are through a save.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/checksum.h"
#include "index/oracle.h"
#include "support/sections.h"

namespace corsac::index {
namespace {

constexpr std::uint32_t kDimension = 96;
constexpr std::size_t kCount = 2500;

struct Case {
  const char* name;
  CodecKind codec;
  std::uint32_t bits;
  RerankStore rerank;
};

IndexOptions options_of(const Case& which, Kind kind, Metric metric = Metric::Cosine) {
  return {.kind = kind,
          .codec = which.codec,
          .metric = metric,
          .dimension = kDimension,
          .m = 10,
          .ef_construction = 60,
          .ef_search = 80,
          .bits = which.bits,
          .rerank = which.rerank,
          .subvectors = which.codec == CodecKind::Pq ? 24u : 0u,
          .iterations = 8};
}

const std::vector<float>& base() {
  static const std::vector<float> vectors = test::clustered_vectors(kCount, kDimension, 40, 1, 2);
  return vectors;
}
const std::vector<float>& queries() {
  static const std::vector<float> vectors = test::clustered_vectors(60, kDimension, 40, 1, 3);
  return vectors;
}
const VectorIndex& oracle() {
  static const auto flat = make_index({.dimension = kDimension}, base());
  return *flat;
}

class Codecs : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Of, Codecs,
                         testing::Values(Case{"sq8_f16", CodecKind::Sq8, 1, RerankStore::F16},
                                         Case{"sq4_sq8", CodecKind::Sq4, 1, RerankStore::Sq8},
                                         Case{"binary2_sq8", CodecKind::Binary, 2,
                                              RerankStore::Sq8},
                                         Case{"binary_sq8", CodecKind::Binary, 1, RerankStore::Sq8},
                                         Case{"binary_f32", CodecKind::Binary, 1, RerankStore::F32},
                                         Case{"pq8_sq8", CodecKind::Pq, 8, RerankStore::Sq8},
                                         Case{"pq4_f16", CodecKind::Pq, 4, RerankStore::F16}),
                         [](const auto& which) { return which.param.name; });

TEST_P(Codecs, FindNearlyAllOfTheTrueNearest) {
  EXPECT_GE(recall(*make_index(options_of(GetParam(), Kind::Flat), base()), oracle(), queries()),
            0.98);
  const auto graph = make_index(options_of(GetParam(), Kind::Hnsw), base());
  EXPECT_GE(recall(*graph, oracle(), queries()), 0.95);
  EXPECT_GE(recall(*graph, oracle(), queries(), {.vector = {}, .ef = 200}), 0.98);
}

TEST_P(Codecs, FindThemByEveryMetric) {
  for (const Metric metric : {Metric::L2, Metric::Dot}) {
    const auto exact = make_index({.metric = metric, .dimension = kDimension}, base());
    const auto flat = make_index(options_of(GetParam(), Kind::Flat, metric), base());
    EXPECT_GE(recall(*flat, *exact, queries()), 0.97) << static_cast<int>(metric);
  }
}

TEST_P(Codecs, AnswerTheSameAfterSavingAndLoading) {
  for (const Kind kind : {Kind::Flat, Kind::Hnsw}) {
    const auto index =
        make_index(options_of(GetParam(), kind), std::span(base()).first(900 * kDimension));
    test::MemorySections sections;
    index->save(sections);
    append(*index, std::span(base()).subspan(900 * kDimension, 300 * kDimension));
    index->save(sections);
    const auto loaded = load_index(index->options(), sections, 1200);
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
    for (std::size_t q = 0; q < 20; ++q) {
      const VectorQuery query{.vector = test::row_of(queries(), q, kDimension)};
      EXPECT_EQ(index->search(query)->hits, (*loaded)->search(query)->hits);
    }
    EXPECT_EQ(index->bytes().rerank, (*loaded)->bytes().rerank);
    for (const SectionId id : {SectionId::Codes, SectionId::RerankCodes}) {
      test::MemorySections bad = sections;
      bad.bytes(id).pop_back();
      EXPECT_EQ(load_index(index->options(), bad, 1200).error().code, ErrorCode::Corrupt);
    }
  }
}

TEST_P(Codecs, RescoreAsManyAsTheQueryAsks) {
  const auto index = make_index(options_of(GetParam(), Kind::Flat), base());
  const VectorQuery query{.vector = test::row_of(queries(), 0, kDimension)};
  VectorQuery none = query, few = query;
  none.candidates = 0;
  few.candidates = 3;  // Fewer than k: the k best by code are rescored.
  const auto coarse = index->search(none), ten = index->search(few), usual = index->search(query);
  ASSERT_EQ(coarse->slots.size(), 10u);
  std::vector<Slot> by_code = coarse->slots, rescored = ten->slots;
  std::sort(by_code.begin(), by_code.end());
  std::sort(rescored.begin(), rescored.end());
  EXPECT_EQ(by_code, rescored);
  std::vector<float> precise(10);
  index->score(query.vector, usual->slots, precise);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(usual->hits[i].score, precise[i]);
}

TEST(CodecOptions, RefuseAStoreThatRescoresNothing) {
  const auto refused = [](CodecKind codec, RerankStore rerank, std::uint32_t bits = 1) {
    return !create_index({.codec = codec, .dimension = 8, .bits = bits, .rerank = rerank})
                .has_value();
  };
  EXPECT_TRUE(refused(CodecKind::F32, RerankStore::F16));
  EXPECT_TRUE(refused(CodecKind::Sq8, RerankStore::Sq8));
  EXPECT_TRUE(refused(CodecKind::Sq4, RerankStore::Plane));
  EXPECT_TRUE(refused(CodecKind::Binary, RerankStore::Sq8, 3));
  EXPECT_FALSE(refused(CodecKind::Binary, RerankStore::None, 2));
  EXPECT_FALSE(create_index({.kind = Kind::Hnsw,
                             .codec = CodecKind::Pq,
                             .dimension = 8,
                             .bits = 8,
                             .rerank = RerankStore::None,
                             .subvectors = 2})
                   .has_value());
  EXPECT_FALSE(create_index({.codec = CodecKind::Pq,
                             .dimension = 8,
                             .bits = 8,
                             .rerank = RerankStore::Sq8,
                             .subvectors = 9})
                   .has_value());
}

}  // namespace
}  // namespace corsac::index

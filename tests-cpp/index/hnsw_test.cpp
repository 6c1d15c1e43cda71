#include "index/hnsw.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "index/parallel_build.h"

namespace corsac::index {
namespace {

constexpr std::uint32_t kDimension = 32;
constexpr std::size_t kCount = 3000;

IndexOptions hnsw_options(CodecKind codec, Metric metric = Metric::Cosine) {
  return {.kind = Kind::Hnsw,
          .codec = codec,
          .metric = metric,
          .dimension = kDimension,
          .m = 10,
          .ef_construction = 60,
          .ef_search = 50};
}
IndexOptions flat_options(Metric metric = Metric::Cosine) {
  return {.metric = metric, .dimension = kDimension};
}

const std::vector<float>& base() {
  static const std::vector<float> vectors = test::clustered_vectors(kCount, kDimension, 40, 1, 2);
  return vectors;
}
const std::vector<float>& queries() {
  static const std::vector<float> vectors = test::clustered_vectors(100, kDimension, 40, 1, 3);
  return vectors;
}

/// The whole base under cosine, built once for the tests that only read.
const VectorIndex& built(CodecKind codec) {
  static const auto f32 = make_index(hnsw_options(CodecKind::F32), base());
  static const auto sq8 = make_index(hnsw_options(CodecKind::Sq8), base());
  return codec == CodecKind::F32 ? *f32 : *sq8;
}
const VectorIndex& oracle() {
  static const auto flat = make_index(flat_options(), base());
  return *flat;
}

class HnswCodecs : public testing::TestWithParam<CodecKind> {};
INSTANTIATE_TEST_SUITE_P(Codecs, HnswCodecs, testing::Values(CodecKind::F32, CodecKind::Sq8),
                         [](const auto& codec) {
                           return codec.param == CodecKind::F32 ? "f32" : "sq8";
                         });

TEST_P(HnswCodecs, FindNearlyAllOfTheTrueNearest) {
  EXPECT_GE(recall(built(GetParam()), oracle(), queries()), 0.95);
  EXPECT_GE(recall(built(GetParam()), oracle(), queries(), {.vector = {}, .ef = 150}), 0.98);
}

TEST_P(HnswCodecs, FindThemByEveryMetric) {
  for (const Metric metric : {Metric::L2, Metric::Dot}) {
    const auto flat = make_index(flat_options(metric), base());
    const auto index = make_index(hnsw_options(GetParam(), metric), base());
    EXPECT_GE(recall(*index, *flat, queries(), {.vector = {}, .ef = 80}), 0.95)
        << static_cast<int>(metric);
  }
}

TEST_P(HnswCodecs, WalkTheGraphAndScoreFewOfTheVectors) {
  const auto result = built(GetParam()).search({.vector = test::row_of(queries(), 0, kDimension)});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->path, Path::Graph);
  EXPECT_FALSE(result->exact);
  EXPECT_LT(result->examined, kCount / 3);
  EXPECT_EQ(result->hits.size(), 10u);
}

TEST_P(HnswCodecs, GiveTheSameBytesHoweverTheAppendIsSliced) {
  const auto some = std::span(base()).first(1000 * kDimension);
  const std::uint64_t whole = hash_of(*make_index(hnsw_options(GetParam()), some));
  for (const std::uint64_t slice : {1u, 37u, 5000u}) {
    const auto index = make_index(hnsw_options(GetParam()));
    append(*index, some, slice);
    EXPECT_EQ(hash_of(*index), whole) << slice;
  }
}

TEST_P(HnswCodecs, GiveTheSameGraphOnEveryPlatform) {
  const auto index =
      make_index(hnsw_options(GetParam()), std::span(base()).first(1000 * kDimension));
  for (Slot slot = 0; slot < 1000; slot += 9) index->remove(slot);
  append(*index, std::span(base()).subspan(1000 * kDimension, 200 * kDimension));
  EXPECT_EQ(hash_of(*index),
            GetParam() == CodecKind::F32 ? 14221212333455607956u : 18333963079318859776u);
}

TEST_P(HnswCodecs, ShowAppendedVectorsOnlyAfterTheStepThatEndsIt) {
  const auto index =
      make_index(hnsw_options(GetParam()), std::span(base()).first(2600 * kDimension));
  const VectorQuery query{.vector = test::row_of(queries(), 1, kDimension), .k = 50};
  index->begin_append(std::span(base()).subspan(2600 * kDimension));
  std::size_t slices = 0;
  for (Budget budget{20'000}; !index->step(budget); budget = Budget{20'000}) {
    const auto result = index->search(query);
    ASSERT_EQ(index->size(), 2600u);
    ASSERT_EQ(result->slots.size(), 50u);
    for (const Slot slot : result->slots) ASSERT_LT(slot, 2600u);
    ++slices;
  }
  EXPECT_GT(slices, 10u);
  EXPECT_EQ(index->size(), kCount);
  EXPECT_GE(recall(*index, oracle(), queries()), 0.95);
}

TEST_P(HnswCodecs, FindVectorsThatCameInSmallAppends) {
  const auto index =
      make_index(hnsw_options(GetParam()), std::span(base()).first(2600 * kDimension));
  for (std::size_t i = 2600; i < kCount; i += 7) {
    append(*index, std::span(base()).subspan(i * kDimension,
                                             std::min<std::size_t>(7, kCount - i) * kDimension));
  }
  std::size_t found = 0;
  for (Slot slot = 2600; slot < kCount; ++slot) {
    found +=
        index->search({.vector = test::row_of(base(), slot, kDimension), .k = 1})->slots.front() ==
        slot;
  }
  EXPECT_GE(found, 396u);
  EXPECT_GE(recall(*index, oracle(), queries()), 0.95);
}

TEST_P(HnswCodecs, FindAWholeNewTopicThatCameAtOnce) {
  // Far from all that was there, in an order that says nothing new for hundreds of vectors.
  const auto index = make_index(hnsw_options(GetParam()), base());
  const auto topic = test::clustered_vectors(400, kDimension, 1, 77, 5);
  append(*index, topic);
  std::size_t found = 0;
  for (Slot slot = 0; slot < 400; ++slot) {
    found +=
        index->search({.vector = test::row_of(topic, slot, kDimension), .k = 1})->slots.front() ==
        kCount + slot;
  }
  EXPECT_GE(found, 396u);
}

TEST_P(HnswCodecs, FindEveryOneOfHundredsOfExactTwins) {
  std::vector<float> vectors(base());
  for (std::size_t twin = 0; twin < 300; ++twin) {
    std::copy_n(base().begin(), kDimension,
                vectors.begin() + static_cast<std::ptrdiff_t>((50 + 9 * twin) * kDimension));
  }
  const auto index = make_index(hnsw_options(GetParam()), vectors);
  const VectorQuery query{.vector = test::row_of(base(), 0, kDimension), .k = 100, .ef = 20};
  auto result = index->search(query);
  ASSERT_EQ(result->path, Path::Graph);
  ASSERT_EQ(result->hits.size(), 100u);
  const std::vector<Slot> slots = result->slots;
  EXPECT_TRUE(std::is_sorted(slots.begin(), slots.end())) << "equal scores rank by slot";
  EXPECT_EQ(result->hits.front().score, result->hits.back().score);
  EXPECT_GE(recall(*index, *make_index(flat_options(), vectors), queries()), 0.95);
  // The others stay when some go, the representative first.
  for (const Slot slot : slots) index->remove(slot);
  for (std::size_t gone = 0; gone < 100; ++gone)
    EXPECT_EQ(slots[gone], gone == 0 ? 0u : 50 + 9 * (gone - 1));
  result = index->search(query);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(result->slots[i], 50 + 9 * (99 + i));
}

TEST_P(HnswCodecs, KeepZeroVectorsReachable) {
  std::vector<float> vectors(base());
  std::fill_n(vectors.begin() + 10 * kDimension, 5 * kDimension, 0.0f);
  const auto index = make_index(hnsw_options(GetParam()), vectors);
  EXPECT_GE(recall(*index, *make_index(flat_options(), vectors), queries()), 0.95);
  const auto result = index->search({.vector = std::vector<float>(kDimension), .k = 3});
  EXPECT_EQ(result->slots, (std::vector<Slot>{0, 1, 2})) << "every score is 0: the lowest ordinals";
}

TEST_P(HnswCodecs, AnswerTheSameAfterSavingAndLoading) {
  const auto index =
      make_index(hnsw_options(GetParam()), std::span(base()).first(1800 * kDimension));
  for (Slot slot = 0; slot < 1800; slot += 5) index->remove(slot);
  test::MemorySections sections;
  index->save(sections);
  auto loaded = load_index(index->options(), sections, 1800);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  for (std::size_t q = 0; q < 100; ++q) {
    const VectorQuery query{.vector = test::row_of(queries(), q, kDimension)};
    const auto before = index->search(query), after = (*loaded)->search(query);
    EXPECT_EQ(before->hits, after->hits);
    EXPECT_EQ(before->examined, after->examined);
  }
  // And goes on the same way.
  for (VectorIndex* each : {index.get(), loaded->get()}) {
    each->remove(1);
    append(*each, std::span(base()).subspan(1800 * kDimension, 300 * kDimension));
  }
  EXPECT_EQ(hash_of(*index), hash_of(**loaded));
}

TEST_P(HnswCodecs, SearchEmptyAndTinyIndexes) {
  const auto index = make_index(hnsw_options(GetParam()));
  const VectorQuery query{.vector = test::row_of(queries(), 0, kDimension)};
  EXPECT_TRUE(index->search(query)->hits.empty());
  for (std::size_t i = 0; i < 30; ++i) {
    append(*index, test::row_of(base(), i, kDimension));
    EXPECT_EQ(index->search(query)->hits.size(), std::min<std::size_t>(i + 1, 10));
  }
}

}  // namespace
}  // namespace corsac::index

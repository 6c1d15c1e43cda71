#include "index/parallel_build.h"

#include <gtest/gtest.h>

#include "base/patched.h"
#include "index/appender.h"
#include "support/scrambled_executor.h"

namespace corsac::index {
namespace {

class ParallelBuild : public testing::TestWithParam<CodecKind> {};
INSTANTIATE_TEST_SUITE_P(Codecs, ParallelBuild, testing::Values(CodecKind::F32, CodecKind::Sq8),
                         [](const auto& codec) {
                           return codec.param == CodecKind::F32 ? "f32" : "sq8";
                         });

TEST_P(ParallelBuild, GivesTheSameBytesWhicheverWorkerTakesWhichTurnWhen) {
  const std::uint64_t alone = hash_of(*built_by(nullptr, GetParam()));
  for (const std::size_t workers : {2u, 5u}) {
    test::ScrambledExecutor executor(workers, workers);
    EXPECT_EQ(hash_of(*built_by(&executor, GetParam())), alone) << workers;
  }
}

TEST_P(ParallelBuild, GivesTheSameBytesHoweverItIsSliced) {
  test::ScrambledExecutor executor(3);
  const std::uint64_t whole =
      hash_of(*built_by(&executor, GetParam(), Build::Parallel, ~std::uint64_t{0}));
  EXPECT_EQ(hash_of(*built_by(&executor, GetParam(), Build::Parallel, 1)), whole);
}

// The graph as stored by saves after each few more vectors: a base and patches.
Bytes stored_in_parts_by(Executor* executor, CodecKind codec) {
  const auto index = built_by(executor, codec);
  test::MemorySections stored;
  index->save(stored);
  for (std::uint64_t round = 0; round < 4; ++round) {
    const auto more = test::clustered_vectors(10, kBuildDimension, 40, 1, 9 + round);
    index->begin_append(more);
    for (Budget budget{50'000, executor}; !index->step(budget);) budget = Budget{50'000, executor};
    index->save(stored);
  }
  const ByteView content = stored.section(SectionId::Graph);
  const auto parts = split_patched(content);
  EXPECT_TRUE(parts.has_value() && !parts->patches.empty()) << "only what changed is written";
  return Bytes(content.begin(), content.end());
}

TEST_P(ParallelBuild, SavesTheSameChangesWhicheverWorkerMadeThem) {
  const Bytes alone = stored_in_parts_by(nullptr, GetParam());
  for (const std::size_t workers : {2u, 5u}) {
    test::ScrambledExecutor executor(workers, workers);
    EXPECT_EQ(stored_in_parts_by(&executor, GetParam()), alone) << workers;
  }
}

TEST_P(ParallelBuild, GivesTheSameBytesOnEveryPlatform) {
  test::ScrambledExecutor executor(2);
  EXPECT_EQ(hash_of(*built_by(&executor, GetParam())),
            GetParam() == CodecKind::F32 ? 6683177569511462963u : 2359927158799954899u);
}

TEST_P(ParallelBuild, FindsAsMuchAsOneAfterTheOther) {
  test::ScrambledExecutor executor(2);
  const auto queries = test::clustered_vectors(200, kBuildDimension, 40, 1, 3);
  const auto oracle = make_index({.dimension = kBuildDimension}, build_vectors());
  const auto parallel = built_by(&executor, GetParam());
  const auto sequential = built_by(&executor, GetParam(), Build::Sequential);
  for (Slot slot = 0; slot < oracle->size(); ++slot) {
    if (parallel->is_removed(slot)) oracle->remove(slot);
  }
  const double in_batches = recall(*parallel, *oracle, queries, {.vector = {}, .ef = 20});
  const double one_by_one = recall(*sequential, *oracle, queries, {.vector = {}, .ef = 20});
  std::printf("  recall@10 at ef 20: in batches %.4f, one by one %.4f\n", in_batches, one_by_one);
  EXPECT_GE(in_batches, one_by_one - 0.01);
  EXPECT_GE(one_by_one, 0.9);
  const std::uint64_t hash = hash_of(*sequential);
  EXPECT_NE(hash_of(*parallel), hash);
  EXPECT_EQ(hash_of(*built_by(nullptr, GetParam(), Build::Sequential)), hash);
}

TEST_P(ParallelBuild, SearchesOfDifferentWorkersDoNotDisturbEachOther) {
  const auto index = built_by(nullptr, GetParam());
  const auto queries = test::clustered_vectors(64, kBuildDimension, 40, 1, 5);
  std::vector<VectorResult> together(64);
  test::ScrambledExecutor executor(4);
  executor.parallel_for(together.size(), [&](std::size_t worker, std::size_t i) {
    together[i] =
        *index->search({.vector = test::row_of(queries, i, kBuildDimension), .worker = worker});
  });
  for (std::size_t i = 0; i < together.size(); ++i) {
    const auto single = index->search({.vector = test::row_of(queries, i, kBuildDimension)});
    EXPECT_EQ(together[i].hits, single->hits);
    EXPECT_EQ(together[i].examined, single->examined);
  }
}

}  // namespace
}  // namespace corsac::index

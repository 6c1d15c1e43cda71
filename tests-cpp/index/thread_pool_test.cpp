// Built where there are threads: natively.
#include "threads/thread_pool.h"

#include <gtest/gtest.h>

#include <set>

#include "index/parallel_build.h"

namespace corsac::index {
namespace {

using bindings::ThreadPool;

TEST(ThreadPool, CallsEachTurnOnceWithWorkersThatNeverOverlap) {
  ThreadPool pool(4);
  ASSERT_EQ(pool.workers(), 4u);
  for (std::size_t count : {0u, 1u, 2u, 1000u}) {
    std::vector<int> calls(count);
    std::vector<std::size_t> by_worker(pool.workers());  // Unsynchronised: one worker, one cell.
    pool.parallel_for(count, [&](std::size_t worker, std::size_t i) {
      ++calls[i];
      ++by_worker[worker];
    });
    EXPECT_EQ(calls, std::vector<int>(count, 1));
    std::size_t sum = 0;
    for (const std::size_t turns : by_worker) sum += turns;
    EXPECT_EQ(sum, count);
  }
}

TEST(ThreadPool, KeepsItsNumbersInBounds) {
  EXPECT_EQ(ThreadPool(0).workers(), 1u);
  EXPECT_EQ(ThreadPool(1000).workers(), kMaxWorkers);
}

TEST(ThreadPool, BuildsTheSameBytesWithAnyNumberOfThreads) {
  for (const CodecKind codec : {CodecKind::F32, CodecKind::Sq8}) {
    std::set<std::uint64_t> hashes = {hash_of(*built_by(nullptr, codec))};
    for (const std::size_t threads : {1u, 2u, 3u, 4u}) {
      ThreadPool pool(threads);
      hashes.insert(hash_of(*built_by(&pool, codec)));
    }
    EXPECT_EQ(hashes.size(), 1u);
  }
}

TEST(ThreadPool, AnswersManyQueriesAsOneWorkerDoes) {
  const auto index = built_by(nullptr, CodecKind::Sq8);
  const auto queries = test::clustered_vectors(300, kBuildDimension, 40, 1, 5);
  std::vector<VectorResult> together(300);
  ThreadPool pool(4);
  pool.parallel_for(together.size(), [&](std::size_t worker, std::size_t i) {
    together[i] =
        *index->search({.vector = test::row_of(queries, i, kBuildDimension), .worker = worker});
  });
  for (std::size_t i = 0; i < together.size(); ++i) {
    const auto single = index->search({.vector = test::row_of(queries, i, kBuildDimension)});
    EXPECT_EQ(together[i].hits, single->hits);
  }
}

}  // namespace
}  // namespace corsac::index

#include "base/executor.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "base/budget.h"
#include "support/scrambled_executor.h"

namespace corsac {
namespace {

TEST(Executor, SerialTurnsRunInOrderOnWorkerZero) {
  std::vector<std::pair<std::size_t, std::size_t>> turns;
  Budget{}.parallel_for(3, [&](std::size_t worker, std::size_t i) {
    turns.push_back({worker, i});
  });
  EXPECT_EQ(turns, (std::vector<std::pair<std::size_t, std::size_t>>{{0, 0}, {0, 1}, {0, 2}}));
  EXPECT_EQ(Budget{}.workers(), 1u);
}

TEST(Executor, BudgetsHandTheWorkToTheirExecutor) {
  test::ScrambledExecutor executor(3);
  const Budget budget{.executor = &executor};
  EXPECT_EQ(budget.workers(), 3u);
  std::vector<int> seen(50), workers(3);
  budget.parallel_for(50, [&](std::size_t worker, std::size_t i) {
    ++seen[i];
    ++workers[worker];
  });
  EXPECT_EQ(seen, std::vector<int>(50, 1));
  for (const int turns : workers) EXPECT_GT(turns, 0);
}

}  // namespace
}  // namespace corsac

// Several workers without a thread: turns in a seeded random order, each by a random worker. What
// depends on either shows, on platforms without threads too.
#pragma once

#include <numeric>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/random.h"

namespace corsac::test {

class ScrambledExecutor final : public Executor {
 public:
  explicit ScrambledExecutor(std::size_t workers, std::uint64_t seed = 1)
      : workers_(workers), random_(seed) {}

  std::size_t workers() const noexcept override { return workers_; }

 private:
  void run(std::size_t count, Call call, void* context) override {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t left = count; left > 1; --left)
      std::swap(order[left - 1], order[random_.below(left)]);
    for (const std::size_t index : order) call(context, random_.below(workers_), index);
  }

  std::size_t workers_;
  Random random_;
};

}  // namespace corsac::test

#include <memory>

#include "threads/thread_pool.h"
#include "workers.h"

namespace corsac::bindings {
namespace {

/// One instance of the module is one store: its pool lives as long, and ends with its web workers.
std::unique_ptr<ThreadPool>& pool() {
  static std::unique_ptr<ThreadPool> only;
  return only;
}

}  // namespace

void start_workers(unsigned count) { pool() = std::make_unique<ThreadPool>(count); }

Budget budget_of(double units) {
  return {.left = static_cast<std::uint64_t>(units), .executor = pool().get()};
}

}  // namespace corsac::bindings

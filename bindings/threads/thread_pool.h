// Threads for the core, natively and in the threaded wasm: an executor whose workers wait between
// loops. How indices fall to workers varies from run to run; what the core makes of them does not.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "base/executor.h"

namespace corsac::bindings {

class ThreadPool final : public Executor {
 public:
  /// `workers` includes the caller of parallel_for; brought into 1..kMaxWorkers.
  explicit ThreadPool(std::size_t workers);
  ~ThreadPool();

  std::size_t workers() const noexcept override { return threads_.size() + 1; }

 private:
  void run(std::size_t count, Call call, void* context) override;
  void serve(std::size_t worker);
  void take_turns(std::size_t worker);

  std::mutex mutex_;
  std::condition_variable began_, ended_;
  std::uint64_t loop_ = 0;   // number of the present or last loop
  bool open_ = false;        // whether threads may still join it: late sleepers are not waited for
  std::size_t working_ = 0;  // threads that joined and have not left
  bool closing_ = false;

  Call call_ = nullptr;  // of the present loop, written while nobody works
  void* context_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_ = 0;  // the first index that nobody has taken

  std::vector<std::thread> threads_;
};

}  // namespace corsac::bindings

#include "thread_pool.h"

#include <algorithm>
#include <chrono>

namespace corsac::bindings {

ThreadPool::ThreadPool(std::size_t workers) {
  const std::size_t threads = std::clamp<std::size_t>(workers, 1, kMaxWorkers) - 1;
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this, i] { serve(i + 1); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  began_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::run(std::size_t count, Call call, void* context) {
  if (threads_.empty() || count < 2) {
    for (std::size_t index = 0; index < count; ++index) call(context, 0, index);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    call_ = call;
    context_ = context;
    count_ = count;
    next_.store(0, std::memory_order_relaxed);
    open_ = true;
    ++loop_;
  }
  began_.notify_all();
  take_turns(0);
  std::unique_lock lock(mutex_);
  open_ = false;
  // Awake now and then: only so does Emscripten notice that a thread of its crashed, and says so.
  while (!ended_.wait_for(lock, std::chrono::milliseconds(200), [this] { return working_ == 0; })) {
  }
}

void ThreadPool::take_turns(std::size_t worker) {
  for (;;) {
    const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
    if (index >= count_) return;
    call_(context_, worker, index);
  }
}

void ThreadPool::serve(std::size_t worker) {
  std::uint64_t done = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      began_.wait(lock, [&] { return closing_ || (open_ && loop_ != done); });
      if (closing_) return;
      done = loop_;
      ++working_;
    }
    take_turns(worker);
    const std::lock_guard lock(mutex_);
    if (--working_ == 0) ended_.notify_one();
  }
}

}  // namespace corsac::bindings

// Who does the work of a loop whose turns do not depend on each other? The core has no threads: a
// host with several lends them through this interface, and without one the caller does it all.
#pragma once

#include <cstddef>
#include <type_traits>

namespace corsac {

/// Workers that one executor may have; parts that keep something per worker have room for as many.
inline constexpr std::size_t kMaxWorkers = 64;

class Executor {
 public:
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// 1..kMaxWorkers; the caller is one of them.
  virtual std::size_t workers() const noexcept = 0;

  /// Calls body(worker, index) once for each index below `count`, on any worker and in any order,
  /// and returns when all have returned. No two calls with one worker number overlap. Requires:
  /// called by one thread at a time, and not from a body.
  template <class Body>
  void parallel_for(std::size_t count, Body&& body) {
    const auto call = [](void* context, std::size_t worker, std::size_t index) {
      (*static_cast<std::remove_reference_t<Body>*>(context))(worker, index);
    };
    run(count, call, const_cast<void*>(static_cast<const void*>(&body)));
  }

 protected:
  using Call = void (*)(void* context, std::size_t worker, std::size_t index);
  Executor() = default;
  ~Executor() = default;
  virtual void run(std::size_t count, Call call, void* context) = 0;
};

/// The caller does everything, in order.
class SerialExecutor final : public Executor {
 public:
  std::size_t workers() const noexcept override { return 1; }

 private:
  void run(std::size_t count, Call call, void* context) override {
    for (std::size_t index = 0; index < count; ++index) call(context, 0, index);
  }
};

}  // namespace corsac

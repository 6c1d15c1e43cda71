// Something that each worker of an executor has for itself, made when the worker first asks: no
// worker touches what another one uses.
#pragma once

#include <array>
#include <cassert>
#include <memory>

#include "base/executor.h"

namespace corsac::index {

template <class T>
class PerWorker {
 public:
  T& of(std::size_t worker) {
    assert(worker < kMaxWorkers);
    std::unique_ptr<T>& own = owned_[worker];
    if (own == nullptr) own = std::make_unique<T>();
    return *own;
  }

 private:
  std::array<std::unique_ptr<T>, kMaxWorkers> owned_;
};

}  // namespace corsac::index

// One operation on its way into a form: vectors first, in slices, into the index, where nothing
// finds them yet; then, in the last slice, everything else at once. A search between two slices
// sees the form before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/budget.h"
#include "base/bytes.h"
#include "collection/form.h"
#include "collection/operation.h"

namespace corsac::collection {

class Application {
 public:
  /// Begins. Requires: `bytes` decode and were validated; no other application to this form is
  /// under way.
  Application(Form& form, Bytes bytes);
  Application(Application&&) noexcept = default;
  Application& operator=(Application&&) noexcept = default;

  /// Continues. True when the operation is done.
  bool step(Form& form, Budget& budget);

  const Operation& operation() const noexcept { return operation_; }
  /// Documents written or removed. Requires: done.
  std::uint64_t affected() const noexcept { return affected_; }
  /// Vectors added to the index.
  std::size_t vector_count() const noexcept { return vector_count_; }
  /// Requires: done. Views into operation() end here.
  Bytes take_bytes() && { return std::move(bytes_); }

 private:
  void gather_vectors(std::size_t dimension);
  void write(Form& form, Budget& budget);
  void remove(Form& form, Budget& budget);

  Bytes bytes_;
  Operation operation_;         // views into bytes_, which keep their place when this object moves
  std::vector<float> vectors_;  // [vector_count_ x dimension], aligned
  std::size_t vector_count_ = 0;
  std::uint64_t affected_ = 0;
};

}  // namespace corsac::collection

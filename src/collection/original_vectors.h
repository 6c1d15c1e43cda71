// Which vectors, as the user gave them, has no checkpoint written yet? They stay in memory until
// save() appends them to SectionId::Originals; memory is therefore bounded by checkpoints.
//   originals := f32[dimension][slots]
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/section.h"
#include "base/types.h"

namespace corsac::collection {

class OriginalVectors {
 public:
  /// The first `saved` slots are in the section already.
  explicit OriginalVectors(std::uint32_t dimension, std::size_t saved = 0)
      : dimension_(dimension), saved_(saved), slots_(saved) {}

  /// Slots seen so far.
  std::size_t slots() const noexcept { return slots_; }
  /// The next slots' vectors, [n x dimension].
  void append(std::vector<float> rows);
  /// Copies the vector of `slot` when it is still in memory. Requires: slot < slots(), out is
  /// [dimension].
  bool copy(Slot slot, std::span<float> out) const;

  /// Appends what is in memory and forgets it.
  void save(SectionSink& sink);
  std::uint64_t bytes() const noexcept { return (slots_ - saved_) * dimension_ * sizeof(float); }

 private:
  struct Batch {
    std::size_t first;
    std::vector<float> rows;
  };

  std::uint32_t dimension_;
  std::size_t saved_;
  std::size_t slots_;
  std::vector<Batch> batches_;  // by ascending first slot, as they were written: never copied again
};

}  // namespace corsac::collection

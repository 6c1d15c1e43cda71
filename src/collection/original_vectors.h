// Which vectors, as the user gave them, has no checkpoint written yet? They stay in memory until
// save() appends them to SectionId::Originals; memory is therefore bounded by checkpoints.
//   originals := f32[dimension][slots], or IEEE 754 binary16 where the options say so
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/section.h"
#include "base/types.h"
#include "collection/options.h"

namespace corsac::collection {

/// Bytes of one vector as it is kept.
constexpr std::size_t original_bytes(std::size_t dimension, Originals kept) noexcept {
  return dimension * (kept == Originals::F16 ? sizeof(std::uint16_t) : sizeof(float));
}
/// Reads one. Requires: row is original_bytes() long, out [dimension].
void read_original(ByteView row, Originals kept, std::span<float> out) noexcept;

class OriginalVectors {
 public:
  /// The first `saved` slots are in the section already.
  explicit OriginalVectors(std::uint32_t dimension, Originals kept = Originals::F32,
                           std::size_t saved = 0)
      : dimension_(dimension), kept_(kept), saved_(saved), slots_(saved) {}

  /// Slots seen so far.
  std::size_t slots() const noexcept { return slots_; }
  /// The next slots' vectors, [n x dimension]. As halves they are rounded at once, and what is
  /// beyond
  /// +-65,504 becomes that.
  void append(std::span<const float> rows);
  /// Copies the vector of `slot` when it is still in memory. Requires: slot < slots(), out is
  /// [dimension].
  bool copy(Slot slot, std::span<float> out) const;

  /// Appends what is in memory and forgets it.
  void save(SectionSink& sink);
  std::uint64_t bytes() const noexcept {
    return (slots_ - saved_) * original_bytes(dimension_, kept_);
  }

 private:
  struct Batch {
    std::size_t first;
    Bytes rows;
  };

  std::uint32_t dimension_;
  Originals kept_;
  std::size_t saved_;
  std::size_t slots_;
  std::vector<Batch> batches_;  // by ascending first slot, as they were written: never copied again
};

}  // namespace corsac::collection

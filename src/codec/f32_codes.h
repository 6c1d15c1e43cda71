// The identity codec: a code is the vector itself, of unit length under cosine. The reference that
// every lossy codec is measured against.
#pragma once

#include "codec/codec.h"
#include "math/aligned.h"
#include "math/kernels.h"

namespace corsac::codec {

class F32Codes {
 public:
  static constexpr bool kHasPlane = false;

  struct Query {
    math::AlignedVector<float> own;  // the caller's query, normalised under cosine
    const float* values = nullptr;   // [dimension]: own, or a stored row
    bool is_zero = false;            // every code has the same score
  };

  F32Codes(Metric metric, std::size_t dimension,
           const math::Kernels& kernels = math::best_kernels()) noexcept;

  std::size_t dimension() const noexcept { return dimension_; }
  std::size_t size() const noexcept { return rows_.size() / dimension_; }

  void append(std::span<const float> vectors);
  void prepare(std::span<const float> vector, Query& query) const;
  void prepare_stored(Slot slot, Query& query) const noexcept;
  void score(const Query& query, std::span<const Slot> slots,
             std::span<float> scores) const noexcept;
  void score_precise(const Query& query, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept {
    score(query, slots, scores);
  }
  void decode(Slot slot, std::span<float> out) const noexcept;

  std::uint64_t fingerprint(Slot slot) const noexcept;
  bool same_code(Slot a, Slot b) const noexcept;

  /// Codes [size x dimension] f32.
  void save(SectionSink& sink);
  /// Fails with: Corrupt when the section has another length or holds a NaN or an infinity.
  Status load(const SectionSource& source, std::size_t count);

  std::uint64_t code_bytes() const noexcept { return rows_.size() * sizeof(float); }
  std::uint64_t rerank_bytes() const noexcept { return 0; }

 private:
  const float* row(Slot slot) const noexcept { return rows_.data() + slot * dimension_; }

  const math::Kernels* kernels_;
  Metric metric_;
  std::size_t dimension_;
  std::size_t saved_ = 0;            // rows already in the store
  math::AlignedVector<float> rows_;  // [size x dimension]
};

static_assert(Codec<F32Codes>);

}  // namespace corsac::codec

// The identity codec: a code is the vector itself, of unit length under cosine. The reference that
// every lossy codec is measured against.
#pragma once

#include "codec/codec.h"
#include "math/aligned.h"
#include "math/kernels.h"

namespace corsac::codec {

class F32Codes final : public SingleScoreCodec {
 public:
  struct Prepared : Query::Prepared {
    math::AlignedVector<float> own;  // the caller's query, normalised under cosine
    const float* values = nullptr;   // [dimension]: own, or a stored row
  };

  F32Codes(Metric metric, std::size_t dimension,
           const math::Kernels& kernels = math::best_kernels(),
           SectionId section = SectionId::Codes) noexcept;

  std::size_t size() const noexcept override { return rows_.size() / dimension_; }
  bool is_lossless() const noexcept override { return true; }
  std::size_t candidates(std::size_t k) const noexcept override { return k; }

  void append(std::span<const float> vectors) override;
  void prepare(std::span<const float> vector, Query& query) const override;
  void prepare_stored(Slot slot, Query& query) const override;
  void score(const Query& query, std::span<const Slot> slots,
             std::span<float> scores) const noexcept override;
  void decode(Slot slot, std::span<float> out) const override;

  std::uint64_t fingerprint(Slot slot) const noexcept override;
  bool same_code(Slot a, Slot b) const noexcept override;

  /// [size x dimension] f32.
  void save(SectionSink& sink) override;
  /// Fails with: Corrupt when the section has another length or holds a NaN or an infinity.
  Status load(const SectionSource& source, std::size_t count) override;

  std::uint64_t code_bytes() const noexcept override { return rows_.size() * sizeof(float); }

 private:
  const float* row(Slot slot) const noexcept { return rows_.data() + slot * dimension_; }

  const math::Kernels* kernels_;
  Metric metric_;
  SectionId section_;
  std::size_t saved_ = 0;            // rows already in the store
  math::AlignedVector<float> rows_;  // [size x dimension]
};

}  // namespace corsac::codec

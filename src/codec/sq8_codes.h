// Eight bits per dimension, split so that the larger part is exact and fast on every instruction
// set.
//
// A vector is offset + scale * c, c an unsigned 8-bit code per dimension: its seven high bits in
// one byte, its low bit in a plane apart, and a 16-byte header. `score` reads the bytes and takes
// the low bit for one half; `score_precise` adds the plane and a 16-bit query. Integer sums are
// exact; floats only place them.
#pragma once

#include <cstdint>
#include <vector>

#include "codec/codec.h"
#include "math/aligned.h"
#include "math/kernels.h"

namespace corsac::codec {

/// As stored (SectionId::CodeHeaders).
struct Sq8Header {
  float scale;
  float offset;
  float norm;               // of offset + scale * c
  std::int32_t sum_sevens;  // of the seven-bit codes
};
static_assert(sizeof(Sq8Header) == 16);

class Sq8Codes final : public Codec {
 public:
  /// q ~ offset + scale * codes for both forms; a caller's query has offset 0.
  struct Prepared : Query::Prepared {
    std::vector<float> unit;             // the caller's query, normalised under cosine
    std::vector<std::int8_t> own;        // [dimension] quantised to -127..127
    std::vector<std::int16_t> wide;      // [dimension] quantised to +-max_wide_query
    const std::int8_t* codes = nullptr;  // own, or the seven-bit codes of a stored row
    float scale = 0, offset = 0;         // of codes
    float sum = 0;                       // of offset + scale * codes over the dimensions
    float wide_scale = 0, wide_sum = 0;  // of wide
    float squared_norm = 0;              // of the vector, for l2
  };

  /// `section` takes the bytes: Codes, or RerankCodes beside a coarser codec.
  Sq8Codes(Metric metric, std::size_t dimension,
           const math::Kernels& kernels = math::best_kernels(),
           SectionId section = SectionId::Codes) noexcept;

  std::size_t size() const noexcept override { return headers_.size(); }
  bool has_precise_score() const noexcept override { return true; }
  bool is_lossless() const noexcept override { return false; }
  /// The true ten are among the best twenty by seven bits on every real set measured.
  std::size_t candidates(std::size_t k) const noexcept override { return 2 * k + 10; }

  void append(std::span<const float> vectors) override;
  void prepare(std::span<const float> vector, Query& query) const override;
  void prepare_stored(Slot slot, Query& query) const override;
  void score(const Query& query, std::span<const Slot> slots,
             std::span<float> scores) const noexcept override;
  void score_precise(const Query& query, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept override;
  void decode(Slot slot, std::span<float> out) const override;

  std::uint64_t fingerprint(Slot slot) const noexcept override;
  bool same_code(Slot a, Slot b) const noexcept override;

  /// Bytes [size x dimension], CodePlanes [size x ceil(dimension / 8)], CodeHeaders [size x 16].
  void save(SectionSink& sink) override;
  /// Fails with: Corrupt when a section has another length, a code more than seven bits, a plane
  /// bits past the dimension, or a header a value that no encoder writes.
  Status load(const SectionSource& source, std::size_t count) override;

  std::uint64_t code_bytes() const noexcept override {
    return sevens_.size() + headers_.size() * sizeof(Sq8Header);
  }
  std::uint64_t rerank_bytes() const noexcept override { return planes_.size(); }

 private:
  std::size_t plane_bytes() const noexcept { return (dimension_ + 7) / 8; }
  void encode(std::span<const float> vector, std::size_t slot) noexcept;
  void touch_headers(std::span<const Slot> slots) const noexcept;
  /// Turns dot products into the metric's scores.
  void finish(const Prepared& query, std::span<const Slot> slots,
              std::span<float> scores) const noexcept;
  Status check() const;

  const math::Kernels* kernels_;
  Metric metric_;
  SectionId section_;
  std::size_t saved_ = 0;                     // rows already in the store
  math::AlignedVector<std::uint8_t> sevens_;  // [size x dimension]
  math::AlignedVector<std::uint8_t> planes_;  // [size x plane_bytes]
  math::AlignedVector<Sq8Header> headers_;    // [size]
  std::vector<float> unit_;                   // [dimension] the vector being encoded
};

}  // namespace corsac::codec

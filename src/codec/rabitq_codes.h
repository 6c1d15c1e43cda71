// One, two or four bits per dimension, with a bound on the error of each score: RaBitQ (Gao & Long,
// SIGMOD 2024, arXiv:2405.12497) and its extension to more bits (Gao et al., arXiv:2409.09913).
//
// A vector x is rotated at random and each coordinate rounded to a level u of 0 .. 2^bits - 1,
// whose value is v = u - (2^bits - 1) / 2. With the step chosen so that v points as nearly as it
// can where x points, |x|^2 / <v, x> * <v, q> estimates <x, q> without bias, and misses it by more
// than 1.9 |q| |x| tan(v, x) / sqrt(dimensions - 1) in one case of twenty.
#pragma once

#include <cstdint>
#include <vector>

#include "codec/codec.h"
#include "math/aligned.h"
#include "math/kernels.h"
#include "math/rotation.h"

namespace corsac::codec {

/// Behind the code of each vector.
struct RabitqHeader {
  float factor;  // |x|^2 / <v, x>; 0 for a zero vector
  float spread;  // |x| tan(v, x) / sqrt(dimensions - 1)
  float norm;    // |x|
};
static_assert(sizeof(RabitqHeader) == 12);

class RabitqCodes final : public Codec {
 public:
  struct Prepared : Query::Prepared {
    std::vector<float> unit;           // the caller's query, normalised
    std::vector<float> rotated;        // [padded]
    std::vector<std::int8_t> codes;    // [padded] quantised
    std::vector<std::uint8_t> planes;  // the same by bits, for codes of one and two bits
    float step = 0;                    // of codes
    float norm = 0;
    std::int32_t sum = 0;  // of codes
  };

  /// `bits` is 1, 2 or 4. Equal seeds rotate alike.
  RabitqCodes(Metric metric, std::size_t dimension, unsigned bits, std::uint64_t seed,
              const math::Kernels& kernels = math::best_kernels());

  std::size_t size() const noexcept override { return rows_.size() / stride_; }
  bool has_precise_score() const noexcept override { return false; }
  bool is_lossless() const noexcept override { return false; }
  std::size_t candidates(std::size_t k) const noexcept override;

  void append(std::span<const float> vectors) override;
  void prepare(std::span<const float> vector, Query& query) const override;
  void prepare_stored(Slot slot, Query& query) const override;
  void score(const Query& query, std::span<const Slot> slots,
             std::span<float> scores) const noexcept override;
  void score_precise(const Query& query, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept override {
    score(query, slots, scores);
  }
  float error(const Query& query, Slot slot) const noexcept override;
  void decode(Slot slot, std::span<float> out) const override;

  std::uint64_t fingerprint(Slot slot) const noexcept override;
  bool same_code(Slot a, Slot b) const noexcept override;

  /// Codes [size x (padded * bits / 8 + 12)]: code, header.
  void save(SectionSink& sink) override;
  /// Fails with: Corrupt when the section has another length or a header a value that no encoder
  /// writes.
  Status load(const SectionSource& source, std::size_t count) override;

  std::uint64_t code_bytes() const noexcept override { return rows_.size(); }
  std::uint64_t rerank_bytes() const noexcept override { return 0; }

 private:
  std::size_t padded() const noexcept { return rotation_.padded(); }
  std::int32_t levels() const noexcept { return 1 << bits_; }
  const std::uint8_t* row(Slot slot) const noexcept { return rows_.data() + slot * stride_; }
  RabitqHeader header(Slot slot) const noexcept;
  /// Of unit_, whose length was `norm`.
  void encode(double norm, std::uint8_t* row);
  void pack(std::uint8_t* row) const noexcept;
  std::uint8_t level(const std::uint8_t* row, std::size_t i) const noexcept;
  /// Divided by its length.
  void decode_rotated(Slot slot, std::span<float> out) const noexcept;
  void quantise(Prepared& query) const;

  const math::Kernels* kernels_;
  Metric metric_;
  unsigned bits_;
  math::Rotation rotation_;
  std::size_t code_bytes_, stride_;
  std::size_t saved_ = 0;                    // rows already in the store
  math::AlignedVector<std::uint8_t> rows_;   // [size x stride_]
  std::vector<float> unit_, rotated_;        // the vector being encoded
  std::vector<std::uint8_t> levels_, best_;  // its levels
};

}  // namespace corsac::codec

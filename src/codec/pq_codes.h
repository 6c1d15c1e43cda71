// Product quantisation: a vector is cut into pieces, and each piece becomes the number of the
// nearest of 16 or 256 centroids learnt for its place (Jegou, Douze & Schmid, TPAMI 2011).
//
// The centroids are learnt from a sample, or from the first thousand vectors, by k-means from
// seeded k-means++ starts (Arthur & Vassilvitskii, SODA 2007); the same vectors and seed give the
// same centroids everywhere. Tables of 16 centroids are rounded to bytes, so that one swizzle looks
// up many codes (Andre, Kermarrec & Le Scouarnec, "Cache locality is not enough: high-performance
// nearest neighbor search with product quantization fast scan", VLDB 2015). Until then the vectors
// are kept as they are and searches are exact.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "codec/codec.h"
#include "math/aligned.h"
#include "math/kernels.h"

namespace corsac::codec {

struct PqShape {
  std::uint32_t subvectors = 1;  ///< 1 to dimension
  std::uint32_t bits = 8;        ///< 4 or 8 for each piece
  std::uint32_t iterations = 25;
  std::uint32_t samples = 10'000;  ///< most vectors to learn from
};

class PqCodes final : public SingleScoreCodec {
 public:
  static constexpr std::size_t kTrainAt = 1000;

  struct Prepared : Query::Prepared {
    math::AlignedVector<float> values;  // [dimension]
    std::vector<float> tables;          // [subvectors x centroids] what each centroid adds
    std::vector<std::uint8_t> steps;    // of 4 bits: the tables, padded to whole bytes of a code,
    float least = 0, step = 0;          // an entry is its piece's least + step * steps
  };

  PqCodes(Metric metric, std::size_t dimension, const PqShape& shape, std::uint64_t seed,
          const math::Kernels& kernels = math::best_kernels());
  PqCodes(PqCodes&& other) noexcept;
  ~PqCodes() override;

  std::size_t size() const noexcept override { return size_; }
  bool is_lossless() const noexcept override { return !is_trained(); }
  std::size_t candidates(std::size_t k) const noexcept override { return 20 * k; }
  bool is_trained() const noexcept { return !codebook_.empty(); }

  void append(std::span<const float> vectors) override;
  void prepare(std::span<const float> vector, Query& query) const override;
  void prepare_stored(Slot slot, Query& query) const override;
  void score(const Query& query, std::span<const Slot> slots,
             std::span<float> scores) const noexcept override;
  void decode(Slot slot, std::span<float> out) const override;

  std::uint64_t fingerprint(Slot slot) const noexcept override;
  bool same_code(Slot a, Slot b) const noexcept override;

  /// Codebook [subvectors x centroids x piece].
  std::span<const float> learnt() const noexcept override { return codebook_; }
  void adopt(std::span<const float> learnt) override {
    codebook_.assign(learnt.begin(), learnt.end());
  }
  bool learn(std::span<const float> sample, Budget& budget) override;

  /// Untrained: Codes [size x dimension] f32. Trained: Codes [size x ceil(subvectors * bits / 8)]
  /// and Codebook [subvectors x centroids x piece] f32.
  void save(SectionSink& sink) override;
  /// Fails with: Corrupt when a section has another length, a number that is none, or bits past the
  /// last piece.
  Status load(const SectionSource& source, std::size_t count) override;

  std::uint64_t code_bytes() const noexcept override {
    return codes_.size() + (codebook_.size() + rows_.size()) * sizeof(float);
  }

 private:
  std::size_t centroids() const noexcept { return std::size_t{1} << shape_.bits; }
  std::size_t row_bytes() const noexcept { return (shape_.subvectors * shape_.bits + 7) / 8; }
  /// Where a piece begins; the one past the last ends at the dimension.
  std::size_t begin_of(std::size_t piece) const noexcept {
    return piece * dimension_ / shape_.subvectors;
  }
  const float* centroids_of(std::size_t piece) const noexcept {
    return codebook_.data() + centroids() * begin_of(piece);
  }
  std::size_t code_of(Slot slot, std::size_t piece) const noexcept;
  struct Learning;
  void begin_learning(std::span<const float> rows);
  bool step_learning(Budget& budget);
  void train();
  void encode(std::span<const float> vector, std::uint8_t* code);
  void tabulate(Prepared& query) const;
  void round_tables(Prepared& query) const;
  void score_codes(const Prepared& query, std::span<const Slot> slots,
                   std::span<float> scores) const noexcept;
  ByteView bytes_of(Slot slot) const noexcept;

  const math::Kernels* kernels_;
  Metric metric_;
  PqShape shape_;
  std::uint64_t seed_;
  std::size_t size_ = 0;
  std::size_t saved_ = 0;  // rows or codes already in the store
  bool is_codebook_saved_ = false;
  math::AlignedVector<float> rows_;          // [size x dimension] until trained
  math::AlignedVector<float> codebook_;      // empty until trained
  math::AlignedVector<std::uint8_t> codes_;  // [size x row_bytes()]
  std::vector<std::uint32_t> picks_;         // 0, 1, ... of the centroids
  std::vector<float> unit_, distances_;
  std::unique_ptr<Learning> learning_;
};

}  // namespace corsac::codec

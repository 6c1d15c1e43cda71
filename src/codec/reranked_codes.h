// Two codecs over the same vectors: small codes to walk and scan, finer ones that rescore the best
// candidates. Links are made by the finer scores where the small codes have no low bits of their
// own: a graph is built once and walked often, and the distances among codes of one bit say little.
#pragma once

#include <memory>

#include "codec/codec.h"

namespace corsac::codec {

class RerankedCodes final : public Codec {
 public:
  struct Prepared : Query::Prepared {
    Query coarse, fine;
    bool is_stored = false;  // a stored code: only the one that links is prepared
  };

  /// Requires: both empty, of one metric and dimension, and no section in common.
  RerankedCodes(std::unique_ptr<Codec> coarse, std::unique_ptr<Codec> fine) noexcept;

  std::size_t size() const noexcept override { return coarse_->size(); }
  bool has_precise_score() const noexcept override { return true; }
  bool is_lossless() const noexcept override { return coarse_->is_lossless(); }
  std::size_t candidates(std::size_t k) const noexcept override { return coarse_->candidates(k); }

  void append(std::span<const float> vectors) override;
  void prepare(std::span<const float> vector, Query& query) const override;
  void prepare_stored(Slot slot, Query& query) const override;
  void score(const Query& query, std::span<const Slot> slots,
             std::span<float> scores) const noexcept override;
  void score_precise(const Query& query, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept override;
  float error(const Query& query, Slot slot) const noexcept override;
  void decode(Slot slot, std::span<float> out) const override { fine_->decode(slot, out); }

  std::uint64_t fingerprint(Slot slot) const noexcept override { return fine_->fingerprint(slot); }
  bool same_code(Slot a, Slot b) const noexcept override {
    return fine_->same_code(a, b) && coarse_->same_code(a, b);
  }

  std::span<const float> learnt() const noexcept override { return coarse_->learnt(); }
  void adopt(std::span<const float> learnt) override { coarse_->adopt(learnt); }
  bool learn(std::span<const float> sample, Budget& budget) override {
    return coarse_->learn(sample, budget);
  }

  void save(SectionSink& sink) override;
  Status load(const SectionSource& source, std::size_t count) override;

  std::uint64_t code_bytes() const noexcept override { return coarse_->code_bytes(); }
  std::uint64_t rerank_bytes() const noexcept override;

 private:
  bool links_by_coarse() const noexcept { return coarse_->has_precise_score(); }

  std::unique_ptr<Codec> coarse_, fine_;
};

}  // namespace corsac::codec

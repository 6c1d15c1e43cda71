// Exact search by scanning every code: fastest below about ten thousand vectors.
#pragma once

#include <memory>
#include <utility>

#include "codec/codec.h"
#include "index/per_worker.h"
#include "index/tombstones.h"
#include "index/vector_index.h"

namespace corsac::index {

class Flat final : public VectorIndex {
 public:
  Flat(const IndexOptions& options, std::unique_ptr<codec::Codec> codes)
      : options_(options), codes_(std::move(codes)) {}

  /// Fails with: Corrupt.
  Status load(const SectionSource& source, std::size_t vectors);

  const IndexOptions& options() const noexcept override { return options_; }
  std::size_t size() const noexcept override { return removed_.size(); }
  std::size_t live() const noexcept override { return removed_.live(); }

  void begin_append(std::span<const float> vectors) override;
  bool step(Budget& budget) override;
  void remove(Slot slot) override { removed_.set(slot); }
  bool is_removed(Slot slot) const noexcept override { return removed_.test(slot); }

  Result<VectorResult> search(const VectorQuery& query) const override;
  void score(std::span<const float> query, std::span<const Slot> slots,
             std::span<float> scores) const override;
  void decode(Slot slot, std::span<float> out) const override { codes_->decode(slot, out); }

  codec::Codec& codes() const noexcept override { return *codes_; }

  void save(SectionSink& sink) override;
  IndexBytes bytes() const noexcept override {
    return {codes_->code_bytes(), codes_->rerank_bytes(), 0};
  }

 private:
  IndexOptions options_;
  std::unique_ptr<codec::Codec> codes_;
  Tombstones removed_;
  bool is_stored_ = false;
  mutable PerWorker<codec::Query> prepared_;  // Reused, so that a query allocates nothing for it.
};

}  // namespace corsac::index

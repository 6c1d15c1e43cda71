// Hierarchical navigable small world graph over any codec: approximate search in O(log n) hops.
//
// Malkov & Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
// Navigable Small World graphs", TPAMI 2020, arXiv:1603.09320. Searching is walk.h, linking
// linker.h and appender.h, removing repairer.h; this class owns the parts and says in which order
// they run.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "index/appender.h"
#include "index/graph_section.h"
#include "index/per_worker.h"
#include "index/repairer.h"
#include "index/scan.h"
#include "index/tombstones.h"
#include "index/vector_index.h"

namespace corsac::index {

class Hnsw final : public VectorIndex {
 public:
  Hnsw(const IndexOptions& options, std::unique_ptr<codec::Codec> codes)
      : options_(options),
        network_{std::move(codes), Graph(options.m), {}, {}, 0},
        appender_({options.m, options.ef_construction, options.seed, options.build}) {}

  /// Fails with: Corrupt.
  Status load(const SectionSource& source, std::size_t vectors);

  const IndexOptions& options() const noexcept override { return options_; }
  std::size_t size() const noexcept override { return removed_.size(); }
  std::size_t live() const noexcept override { return removed_.live(); }

  void begin_append(std::span<const float> vectors) override;
  bool step(Budget& budget) override;
  void remove(Slot slot) override;
  bool is_removed(Slot slot) const noexcept override { return removed_.test(slot); }

  Result<VectorResult> search(const VectorQuery& query) const override;
  void score(std::span<const float> query, std::span<const Slot> slots,
             std::span<float> scores) const override {
    codec::Query& prepared = scratches_.of(0).walk.query;
    network_.codes->prepare(query, prepared);
    network_.codes->score_precise(prepared, slots, scores);
  }
  void decode(Slot slot, std::span<float> out) const override { network_.codes->decode(slot, out); }

  codec::Codec& codes() const noexcept override { return *network_.codes; }

  void save(SectionSink& sink) override;
  IndexBytes bytes() const noexcept override {
    return {network_.codes->code_bytes(), network_.codes->rerank_bytes(), network_.graph.bytes()};
  }

 private:
  struct Scratch {
    WalkScratch walk;
    std::vector<Candidate> candidates;
  };

  /// False when the walk ran dry or cost more than a scan would.
  bool walk(const VectorQuery& query, std::size_t ef, std::size_t wanted, Scratch& scratch,
            VectorResult& result) const;
  void collect_hits(const VectorQuery& query, Scratch& scratch, VectorResult& result) const;
  bool is_wanted(const VectorQuery& query, Slot slot) const noexcept {
    if (slot >= size() || removed_.test(slot)) return false;
    return query.allowed == nullptr || query.allowed->test(slot);
  }
  bool is_appending() const noexcept { return network_.codes->size() != size(); }

  IndexOptions options_;
  Network network_;
  Tombstones removed_;  // its size is what searches may see
  Appender appender_;
  Repairer repairer_;
  GraphSection section_;
  bool is_stored_ = false;
  mutable PerWorker<Scratch> scratches_;  // Reused, so that a query allocates nothing.
};

}  // namespace corsac::index

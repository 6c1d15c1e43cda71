// Hierarchical navigable small world graph over any codec: approximate search in O(log n) hops.
//
// Malkov & Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
// Navigable Small World graphs", TPAMI 2020, arXiv:1603.09320. Searching is walk.h, linking
// linker.h and appender.h, removing repairer.h; this class owns the parts and says in which order
// they run.
#pragma once

#include <cassert>
#include <utility>

#include "index/appender.h"
#include "index/check_query.h"
#include "index/plan.h"
#include "index/repairer.h"
#include "index/scan.h"
#include "index/tombstones.h"
#include "index/vector_index.h"

namespace corsac::index {

template <codec::Codec Codes>
class Hnsw final : public VectorIndex {
 public:
  Hnsw(const IndexOptions& options, Codes codes)
      : options_(options),
        network_{std::move(codes), Graph(options.m), {}, {}, 0},
        appender_(options.m, options.ef_construction, options.seed) {}

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
    network_.codes.prepare(query, scratch_.query);
    network_.codes.score_precise(scratch_.query, slots, scores);
  }
  void decode(Slot slot, std::span<float> out) const override { network_.codes.decode(slot, out); }

  void save(SectionSink& sink) override;
  IndexBytes bytes() const noexcept override {
    return {network_.codes.code_bytes(), network_.codes.rerank_bytes(), network_.graph.bytes()};
  }

 private:
  /// False when the walk ran dry or cost more than a scan would.
  bool walk(const VectorQuery& query, std::size_t ef, std::size_t wanted,
            VectorResult& result) const;
  void collect_hits(const VectorQuery& query, VectorResult& result) const;
  bool is_wanted(const VectorQuery& query, Slot slot) const noexcept {
    if (slot >= size() || removed_.test(slot)) return false;
    return query.allowed == nullptr || query.allowed->test(slot);
  }
  bool is_appending() const noexcept { return network_.codes.size() != size(); }

  IndexOptions options_;
  Network<Codes> network_;
  Tombstones removed_;  // its size is what searches may see
  Appender<Codes> appender_;
  Repairer<Codes> repairer_;
  bool is_stored_ = false;
  mutable WalkScratch<Codes>
      scratch_;  // Reused, so that a query allocates nothing: one search at a time.
  mutable std::vector<Slot> candidates_;
};

template <codec::Codec Codes>
void Hnsw<Codes>::begin_append(std::span<const float> vectors) {
  assert(!is_appending());
  network_.codes.append(vectors);
  const std::size_t end = network_.codes.size();
  network_.graph.grow(end);
  network_.twins.grow(end);
  network_.vacant.resize(end);
  if (Repairer<Codes>::is_due(network_)) repairer_.begin();
  appender_.begin(static_cast<Slot>(size()), network_);
}

template <codec::Codec Codes>
bool Hnsw<Codes>::step(Budget& budget) {
  while (!repairer_.is_done()) {
    if (budget.spent()) return false;
    repairer_.step(network_, appender_.linker(), budget);
  }
  while (!appender_.is_done()) {
    if (budget.spent()) return false;
    appender_.step(network_, budget);
  }
  removed_.grow(network_.codes.size());
  return true;
}

template <codec::Codec Codes>
void Hnsw<Codes>::remove(Slot slot) {
  assert(slot < size() && !is_appending());
  if (!removed_.set(slot)) return;
  const Slot node = network_.twins.representative_of(slot);
  if (network_.twins.remove(node) > 0) return;
  network_.vacant.set(node);
  ++network_.vacant_nodes;
}

template <codec::Codec Codes>
Result<VectorResult> Hnsw<Codes>::search(const VectorQuery& query) const {
  if (Status checked = check_query(options_, size(), query); !checked) return checked.error();
  network_.codes.prepare(query.vector, scratch_.query);
  const std::size_t wanted = query.allowed == nullptr ? live() : query.allowed_count;
  const std::size_t ef = std::max(query.ef == 0 ? options_.ef_search : query.ef, query.k);
  VectorResult result;
  if (wanted == 0) return result;
  const bool must_scan = query.force_scan || scratch_.query.is_zero;
  if (must_scan || should_scan(wanted, live(), ef) || !walk(query, ef, wanted, result)) {
    scan(network_.codes, scratch_.query, query, options_.rerank, size(), removed_.bits(), result);
  }
  return result;
}

}  // namespace corsac::index

#include "index/hnsw_members.h"

// Exact search by scanning every code: fastest below about ten thousand vectors.
#pragma once

#include <cassert>
#include <utility>

#include "index/check_query.h"
#include "index/scan.h"
#include "index/tombstones.h"
#include "index/vector_index.h"

namespace corsac::index {

template <codec::Codec Codes>
class Flat final : public VectorIndex {
 public:
  Flat(const IndexOptions& options, Codes codes) : options_(options), codes_(std::move(codes)) {}

  /// Fails with: Corrupt.
  Status load(const SectionSource& source, std::size_t vectors) {
    if (Status loaded = codes_.load(source, vectors); !loaded) return loaded;
    ByteReader in(source.section(SectionId::IndexMeta));
    Result<Tombstones> removed = Tombstones::decode(options_, vectors, in);
    if (!removed) return removed.error();
    if (!in.finished())
      return Error{ErrorCode::Corrupt, "index: stray bytes after the removed vectors"};
    removed_ = *std::move(removed);
    is_stored_ = true;
    return Done{};
  }

  const IndexOptions& options() const noexcept override { return options_; }
  std::size_t size() const noexcept override { return removed_.size(); }
  std::size_t live() const noexcept override { return removed_.live(); }

  void begin_append(std::span<const float> vectors) override {
    assert(codes_.size() == size());
    codes_.append(vectors);
  }
  bool step(Budget& budget) override {
    budget.spend(codes_.size() - size());
    removed_.grow(codes_.size());
    return true;
  }
  void remove(Slot slot) override { removed_.set(slot); }
  bool is_removed(Slot slot) const noexcept override { return removed_.test(slot); }

  Result<VectorResult> search(const VectorQuery& query) const override {
    if (Status checked = check_query(options_, size(), query); !checked) return checked.error();
    codes_.prepare(query.vector, prepared_);
    VectorResult result;
    scan(codes_, prepared_, query, options_.rerank, size(), removed_.bits(), result);
    return result;
  }
  void score(std::span<const float> query, std::span<const Slot> slots,
             std::span<float> scores) const override {
    codes_.prepare(query, prepared_);
    codes_.score_precise(prepared_, slots, scores);
  }
  void decode(Slot slot, std::span<float> out) const override { codes_.decode(slot, out); }

  void save(SectionSink& sink) override {
    assert(codes_.size() == size());
    if (!is_stored_) restart_sections(sink);
    is_stored_ = true;
    codes_.save(sink);
    ByteWriter meta;
    removed_.encode(options_, meta);
    sink.replace(SectionId::IndexMeta, meta.view());
  }
  IndexBytes bytes() const noexcept override {
    return {codes_.code_bytes(), codes_.rerank_bytes(), 0};
  }

 private:
  IndexOptions options_;
  Codes codes_;
  Tombstones removed_;
  bool is_stored_ = false;
  mutable typename Codes::Query prepared_;  // Reused, so that a query allocates nothing for it.
};

}  // namespace corsac::index

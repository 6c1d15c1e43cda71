#include "index/flat.h"

#include <cassert>

#include "index/check_query.h"
#include "index/scan.h"

namespace corsac::index {

Status Flat::load(const SectionSource& source, std::size_t vectors) {
  if (Status loaded = codes_->load(source, vectors); !loaded) return loaded;
  ByteReader in(source.section(SectionId::IndexMeta));
  Result<Tombstones> removed = Tombstones::decode(options_, vectors, in);
  if (!removed) return removed.error();
  if (!in.finished())
    return Error{ErrorCode::Corrupt, "index: stray bytes after the removed vectors"};
  removed_ = *std::move(removed);
  is_stored_ = true;
  return Done{};
}

void Flat::begin_append(std::span<const float> vectors) {
  assert(codes_->size() == size());
  codes_->append(vectors);
}

bool Flat::step(Budget& budget) {
  budget.spend(codes_->size() - size());
  removed_.grow(codes_->size());
  return true;
}

Result<VectorResult> Flat::search(const VectorQuery& query) const {
  if (Status checked = check_query(options_, size(), query); !checked) return checked.error();
  codec::Query& prepared = prepared_.of(query.worker);
  codes_->prepare(query.vector, prepared);
  VectorResult result;
  scan(*codes_, prepared, query, options_, size(), removed_.bits(), result);
  return result;
}

void Flat::score(std::span<const float> query, std::span<const Slot> slots,
                 std::span<float> scores) const {
  codec::Query& prepared = prepared_.of(0);
  codes_->prepare(query, prepared);
  codes_->score_precise(prepared, slots, scores);
}

void Flat::save(SectionSink& sink) {
  assert(codes_->size() == size());
  if (!is_stored_) restart_sections(sink);
  is_stored_ = true;
  codes_->save(sink);
  ByteWriter meta;
  removed_.encode(options_, meta);
  sink.replace(SectionId::IndexMeta, meta.view());
}

}  // namespace corsac::index

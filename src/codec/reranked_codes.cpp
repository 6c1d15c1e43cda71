#include "codec/reranked_codes.h"

#include <cassert>
#include <utility>

namespace corsac::codec {

RerankedCodes::RerankedCodes(std::unique_ptr<Codec> coarse, std::unique_ptr<Codec> fine) noexcept
    : Codec(coarse->dimension()), coarse_(std::move(coarse)), fine_(std::move(fine)) {}

void RerankedCodes::append(std::span<const float> vectors) {
  coarse_->append(vectors);
  fine_->append(vectors);
}

void RerankedCodes::prepare(std::span<const float> vector, Query& prepared) const {
  auto& query = prepared.reuse<Prepared>();
  coarse_->prepare(vector, query.coarse);
  fine_->prepare(vector, query.fine);
  query.is_zero = query.coarse.is_zero();
  query.is_stored = false;
}

void RerankedCodes::prepare_stored(Slot slot, Query& prepared) const {
  auto& query = prepared.reuse<Prepared>();
  if (links_by_coarse()) {
    coarse_->prepare_stored(slot, query.coarse);
  } else {
    fine_->prepare_stored(slot, query.fine);
  }
  query.is_zero = false;
  query.is_stored = true;
}

void RerankedCodes::score(const Query& prepared, std::span<const Slot> slots,
                          std::span<float> scores) const noexcept {
  const auto& query = prepared.as<Prepared>();
  if (query.is_stored && !links_by_coarse()) return fine_->score(query.fine, slots, scores);
  coarse_->score(query.coarse, slots, scores);
}

void RerankedCodes::score_precise(const Query& prepared, std::span<const Slot> slots,
                                  std::span<float> scores) const noexcept {
  const auto& query = prepared.as<Prepared>();
  assert(!query.is_stored);
  // Before they are learnt the small codes are the vectors themselves.
  if (coarse_->is_lossless()) return coarse_->score(query.coarse, slots, scores);
  fine_->score_precise(query.fine, slots, scores);
}

float RerankedCodes::error(const Query& prepared, Slot slot) const noexcept {
  return coarse_->error(prepared.as<Prepared>().coarse, slot);
}

void RerankedCodes::save(SectionSink& sink) {
  coarse_->save(sink);
  fine_->save(sink);
}

Status RerankedCodes::load(const SectionSource& source, std::size_t count) {
  if (Status loaded = coarse_->load(source, count); !loaded) return loaded;
  return fine_->load(source, count);
}

std::uint64_t RerankedCodes::rerank_bytes() const noexcept {
  return coarse_->rerank_bytes() + fine_->code_bytes() + fine_->rerank_bytes();
}

}  // namespace corsac::codec

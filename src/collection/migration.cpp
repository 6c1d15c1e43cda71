#include "collection/migration.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

namespace corsac::collection {
namespace {

constexpr std::size_t kBatchVectors = 1024;

}  // namespace

bool has_outgrown(const index::IndexOptions& today, std::size_t live) noexcept {
  if (today.kind != index::Kind::Flat) return false;
  return live > (today.codec == index::CodecKind::F32 ? kAutoQuantised : kAutoGraph);
}

index::IndexOptions grown(const index::IndexOptions& today, std::size_t live) noexcept {
  index::IndexOptions out = today;
  const bool scans = today.codec == index::CodecKind::F32 && live <= kAutoGraph;
  out.kind = scans ? index::Kind::Flat : index::Kind::Hnsw;
  out.codec = index::CodecKind::Sq8;
  out.rerank = index::RerankStore::Plane;
  return out;
}

Migration::Migration(const Form& form) : total_(form.slots.slots()) {
  auto created = index::create_index(grown(form.options.index, form.index->live()));
  assert(created.has_value());  // The shape of the old index was accepted with the same numbers.
  index_ = *std::move(created);
  for (std::size_t left = total_; left > 0;) {
    batches_.push_back(std::min(left, kBatchVectors));
    left -= batches_.back();
  }
}

void Migration::note(std::size_t vectors) {
  if (vectors == 0) return;
  batches_.push_back(vectors);
  total_ += vectors;
}

void Migration::begin_batch(const Form& form) {
  const std::size_t dimension = form.options.dimension;
  rows_.resize(batches_.front() * dimension);
  for (std::size_t at = 0; at < rows_.size(); at += dimension) {
    form.index->decode(next_++, std::span(rows_).subspan(at, dimension));
  }
  batches_.pop_front();
  index_->begin_append(rows_);
  appending_ = true;
}

void Migration::step(const Form& form, Budget& budget) {
  while (!budget.spent() && !caught_up()) {
    if (!appending_) begin_batch(form);
    if (index_->step(budget)) appending_ = false;
  }
}

void Migration::finish(Form& form) && {
  for (Budget unlimited; !caught_up();) step(form, unlimited);
  assert(next_ == form.slots.slots());
  for (Slot slot = 0; slot < next_; ++slot) {
    if (form.index->is_removed(slot)) index_->remove(slot);
  }
  form.replace_index(std::move(index_));
}

}  // namespace corsac::collection

#include "collection/original_vectors.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace corsac::collection {

void OriginalVectors::append(std::vector<float> rows) {
  if (rows.empty()) return;
  assert(dimension_ > 0 && rows.size() % dimension_ == 0);
  const std::size_t first = slots_;
  slots_ += rows.size() / dimension_;
  batches_.push_back({first, std::move(rows)});
}

bool OriginalVectors::copy(Slot slot, std::span<float> out) const {
  assert(slot < slots_ && out.size() == dimension_);
  if (slot < saved_) return false;
  const auto after =
      std::upper_bound(batches_.begin(), batches_.end(), slot,
                       [](std::size_t wanted, const Batch& batch) { return wanted < batch.first; });
  const Batch& batch = *std::prev(after);
  const auto row = std::span(batch.rows).subspan((slot - batch.first) * dimension_, dimension_);
  std::copy(row.begin(), row.end(), out.begin());
  return true;
}

void OriginalVectors::save(SectionSink& sink) {
  for (const Batch& batch : batches_)
    sink.append(SectionId::Originals, std::as_bytes(std::span(batch.rows)));
  batches_.clear();
  batches_.shrink_to_fit();
  saved_ = slots_;
}

}  // namespace corsac::collection

#include "collection/original_vectors.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "math/half.h"

namespace corsac::collection {

void read_original(ByteView row, Originals kept, std::span<float> out) noexcept {
  assert(row.size() == original_bytes(out.size(), kept));
  if (kept != Originals::F16) {
    std::memcpy(out.data(), row.data(), row.size());
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint16_t half;
    std::memcpy(&half, row.data() + i * sizeof half, sizeof half);
    out[i] = math::from_half(half);
  }
}

void OriginalVectors::append(std::span<const float> rows) {
  if (rows.empty()) return;
  assert(dimension_ > 0 && rows.size() % dimension_ == 0);
  Batch& batch = batches_.emplace_back();
  batch.first = slots_;
  slots_ += rows.size() / dimension_;
  if (kept_ != Originals::F16) {
    const ByteView bytes = std::as_bytes(rows);
    batch.rows.assign(bytes.begin(), bytes.end());
    return;
  }
  batch.rows.resize(original_bytes(rows.size(), kept_));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint16_t half = math::to_half(rows[i]);
    std::memcpy(batch.rows.data() + i * sizeof half, &half, sizeof half);
  }
}

bool OriginalVectors::copy(Slot slot, std::span<float> out) const {
  assert(slot < slots_ && out.size() == dimension_);
  if (slot < saved_) return false;
  const auto after =
      std::upper_bound(batches_.begin(), batches_.end(), slot,
                       [](std::size_t wanted, const Batch& batch) { return wanted < batch.first; });
  const Batch& batch = *std::prev(after);
  const std::size_t bytes = original_bytes(dimension_, kept_);
  read_original(ByteView(batch.rows).subspan((slot - batch.first) * bytes, bytes), kept_, out);
  return true;
}

void OriginalVectors::save(SectionSink& sink) {
  for (const Batch& batch : batches_) sink.append(SectionId::Originals, batch.rows);
  batches_.clear();
  batches_.shrink_to_fit();
  saved_ = slots_;
}

}  // namespace corsac::collection

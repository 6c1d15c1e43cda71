#include "codec/f32_codes.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <string>

#include "base/checksum.h"
#include "codec/query_values.h"
#include "math/normalise.h"

namespace corsac::codec {

F32Codes::F32Codes(Metric metric, std::size_t dimension, const math::Kernels& kernels,
                   SectionId section) noexcept
    : SingleScoreCodec(dimension), kernels_(&kernels), metric_(metric), section_(section) {
  assert(dimension > 0);
}

void F32Codes::append(std::span<const float> vectors) {
  assert(vectors.size() % dimension_ == 0);
  const std::size_t old = rows_.size();
  math::reserve_growing(rows_, old + vectors.size());
  rows_.resize(old + vectors.size());
  const std::span<float> added = std::span(rows_).subspan(old);
  if (metric_ != Metric::Cosine) {
    std::copy(vectors.begin(), vectors.end(), added.begin());
    return;
  }
  for (std::size_t at = 0; at < vectors.size(); at += dimension_) {
    math::normalise(vectors.subspan(at, dimension_), added.subspan(at, dimension_));
  }
}

void F32Codes::prepare(std::span<const float> vector, Query& prepared) const {
  assert(vector.size() == dimension_);
  auto& query = prepared.reuse<Prepared>();
  query.own.resize(dimension_);
  query.values = query.own.data();
  query.is_zero = take_values(metric_, vector, query.own);
}

void F32Codes::prepare_stored(Slot slot, Query& prepared) const {
  assert(slot < size());
  auto& query = prepared.reuse<Prepared>();
  query.values = row(slot);
  query.is_zero = false;
}

void F32Codes::score(const Query& prepared, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept {
  assert(scores.size() >= slots.size());
  const auto& query = prepared.as<Prepared>();
  if (metric_ == Metric::L2) {
    kernels_->l2_f32(query.values, rows_.data(), dimension_, slots.data(), slots.size(),
                     scores.data());
    for (std::size_t i = 0; i < slots.size(); ++i) scores[i] = rankable(-scores[i]);
    return;
  }
  kernels_->dot_f32(query.values, rows_.data(), dimension_, slots.data(), slots.size(),
                    scores.data());
  if (metric_ == Metric::Cosine) return;
  for (std::size_t i = 0; i < slots.size(); ++i) scores[i] = rankable(scores[i]);
}

void F32Codes::decode(Slot slot, std::span<float> out) const {
  assert(slot < size() && out.size() == dimension_);
  std::copy_n(row(slot), dimension_, out.begin());
}

std::uint64_t F32Codes::fingerprint(Slot slot) const noexcept {
  return checksum64(std::as_bytes(std::span(row(slot), dimension_)));
}

bool F32Codes::same_code(Slot a, Slot b) const noexcept {
  return std::memcmp(row(a), row(b), dimension_ * sizeof(float)) == 0;
}

void F32Codes::save(SectionSink& sink) {
  sink.append(section_, std::as_bytes(std::span(rows_).subspan(saved_ * dimension_)));
  saved_ = size();
}

Status F32Codes::load(const SectionSource& source, std::size_t count) {
  const ByteView bytes = source.section(section_);
  const std::size_t row_bytes = dimension_ * sizeof(float);
  if (bytes.size() / row_bytes != count || bytes.size() % row_bytes != 0) {
    return Error{ErrorCode::Corrupt, "the codes have " + std::to_string(bytes.size()) +
                                         " bytes, expected " + std::to_string(count) +
                                         " vectors of " + std::to_string(row_bytes)};
  }
  rows_.resize(count * dimension_);
  if (!bytes.empty()) std::memcpy(rows_.data(), bytes.data(), bytes.size());
  if (!std::all_of(rows_.begin(), rows_.end(), [](float x) { return std::isfinite(x); })) {
    return Error{ErrorCode::Corrupt, "a stored vector holds a NaN or an infinity"};
  }
  saved_ = count;
  return Done{};
}

}  // namespace corsac::codec

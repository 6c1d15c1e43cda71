#include "codec/f16_codes.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "codec/query_values.h"
#include "math/half.h"
#include "math/normalise.h"
#include "math/touch.h"

namespace corsac::codec {

F16Codes::F16Codes(Metric metric, std::size_t dimension, SectionId section,
                   const math::Kernels& kernels) noexcept
    : SingleScoreCodec(dimension), kernels_(&kernels), metric_(metric), section_(section) {}

void F16Codes::append(std::span<const float> vectors) {
  assert(vectors.size() % dimension_ == 0);
  math::reserve_growing(rows_, rows_.size() + vectors.size());
  std::vector<float> unit(dimension_);
  for (std::size_t at = 0; at < vectors.size(); at += dimension_) {
    std::span<const float> vector = vectors.subspan(at, dimension_);
    if (metric_ == Metric::Cosine) {
      math::normalise(vector, unit);
      vector = unit;
    }
    for (const float x : vector) rows_.push_back(math::to_half(x));
  }
}

void F16Codes::prepare(std::span<const float> vector, Query& prepared) const {
  assert(vector.size() == dimension_);
  auto& query = prepared.reuse<Prepared>();
  query.values.resize(dimension_);
  query.is_zero = take_values(metric_, vector, query.values);
}

void F16Codes::prepare_stored(Slot slot, Query& prepared) const {
  assert(slot < size());
  auto& query = prepared.reuse<Prepared>();
  query.values.resize(dimension_);
  decode(slot, query.values);
  query.is_zero = false;
}

void F16Codes::score(const Query& prepared, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept {
  assert(scores.size() >= slots.size());
  const auto& query = prepared.as<Prepared>();
  constexpr std::uint32_t kFirst = 0;
  std::array<float, kMaxDimension> wide;
  for (const Slot slot : slots)
    math::touch(row(slot), std::min(2 * dimension_, math::kTouchCodeBytes));
  for (std::size_t i = 0; i < slots.size(); ++i) {
    decode(slots[i], std::span(wide).first(dimension_));
    if (metric_ == Metric::L2) {
      kernels_->l2_f32(query.values.data(), wide.data(), dimension_, &kFirst, 1, &scores[i]);
      scores[i] = rankable(-scores[i]);
    } else {
      kernels_->dot_f32(query.values.data(), wide.data(), dimension_, &kFirst, 1, &scores[i]);
      scores[i] = rankable(scores[i]);
    }
  }
}

void F16Codes::decode(Slot slot, std::span<float> out) const {
  assert(slot < size() && out.size() == dimension_);
  const std::uint16_t* const halves = row(slot);
  for (std::size_t i = 0; i < dimension_; ++i) out[i] = math::from_half(halves[i]);
}

std::uint64_t F16Codes::fingerprint(Slot slot) const noexcept {
  return checksum64(std::as_bytes(std::span(row(slot), dimension_)));
}

bool F16Codes::same_code(Slot a, Slot b) const noexcept {
  return std::memcmp(row(a), row(b), dimension_ * sizeof(std::uint16_t)) == 0;
}

void F16Codes::save(SectionSink& sink) {
  sink.append(section_, std::as_bytes(std::span(rows_).subspan(saved_ * dimension_)));
  saved_ = size();
}

Status F16Codes::load(const SectionSource& source, std::size_t count) {
  const ByteView bytes = source.section(section_);
  const std::size_t row_bytes = dimension_ * sizeof(std::uint16_t);
  if (bytes.size() / row_bytes != count || bytes.size() % row_bytes != 0) {
    return Error{ErrorCode::Corrupt, "half floats: " + std::to_string(bytes.size()) +
                                         " bytes, expected " + std::to_string(count) + " rows of " +
                                         std::to_string(row_bytes)};
  }
  rows_.resize(count * dimension_);
  if (!bytes.empty()) std::memcpy(rows_.data(), bytes.data(), bytes.size());
  if (!std::all_of(rows_.begin(), rows_.end(), math::is_finite_half))
    return Error{ErrorCode::Corrupt, "a stored half float is a NaN or an infinity"};
  saved_ = count;
  return Done{};
}

}  // namespace corsac::codec

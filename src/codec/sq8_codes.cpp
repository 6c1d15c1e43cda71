#include "codec/sq8_codes.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/checksum.h"
#include "math/normalise.h"
#include "math/touch.h"

namespace corsac::codec {
namespace {

/// Codes scored between two reads of the headers.
constexpr std::size_t kBlock = 64;

/// The largest |x|. Numbers without sign order like their bits, and integers go several at a time.
float largest_magnitude(std::span<const float> vector) noexcept {
  std::int32_t most = 0;
  for (const float x : vector) most = std::max(most, std::bit_cast<std::int32_t>(x) & 0x7FFFFFFF);
  return std::bit_cast<float>(most);
}

/// Rounds every x * inverse, half away from zero, without the rounding mode of the platform. Gives
/// the sum. Requires: no product is above 32,767.
template <class Scale, class T>
std::int32_t round_all(std::span<const float> vector, Scale inverse, T* out) noexcept {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const Scale scaled = static_cast<Scale>(vector[i]) * inverse;
    const auto code = static_cast<std::int32_t>(scaled + (scaled < 0 ? Scale(-0.5) : Scale(0.5)));
    out[i] = static_cast<T>(code);
    sum += code;
  }
  return sum;
}

/// Rounds q / step to integers of at most `limit` in magnitude, step being the largest |q| over the
/// limit. Gives the step and adds up the integers.
template <class T>
double quantise(std::span<const float> vector, float largest, std::int32_t limit,
                std::vector<T>& out, float& sum) {
  out.resize(vector.size());
  sum = 0;
  if (largest == 0) {
    std::fill(out.begin(), out.end(), T{0});
    return 0;
  }
  const double step = double{largest} / limit, inverse = limit / double{largest};
  // Floats go several at a time, but a very short vector needs a scale that no float holds.
  const std::int32_t total = inverse < double{std::numeric_limits<float>::max()}
                                 ? round_all(vector, static_cast<float>(inverse), out.data())
                                 : round_all(vector, inverse, out.data());
  sum = static_cast<float>(step * total);
  return step;
}

}  // namespace

Sq8Codes::Sq8Codes(Metric metric, std::size_t dimension, const math::Kernels& kernels,
                   SectionId section) noexcept
    : Codec(dimension), kernels_(&kernels), metric_(metric), section_(section) {
  assert(dimension > 0);
}

void Sq8Codes::append(std::span<const float> vectors) {
  assert(vectors.size() % dimension_ == 0);
  const std::size_t old = size(), end = old + vectors.size() / dimension_;
  math::reserve_growing(sevens_, end * dimension_);
  math::reserve_growing(planes_, end * plane_bytes());
  math::reserve_growing(headers_, end);
  sevens_.resize(end * dimension_);
  planes_.resize(end * plane_bytes());
  headers_.resize(end);
  unit_.resize(dimension_);
  for (std::size_t slot = old; slot < end; ++slot) {
    const std::span<const float> vector = vectors.subspan((slot - old) * dimension_, dimension_);
    if (metric_ == Metric::Cosine) {
      math::normalise(vector, unit_);
      encode(unit_, slot);
    } else {
      encode(vector, slot);
    }
  }
}

void Sq8Codes::encode(std::span<const float> vector, std::size_t slot) noexcept {
  const auto [low, high] = std::minmax_element(vector.begin(), vector.end());
  const double offset = *low, width = double{*high} - double{*low};
  const auto scale = static_cast<float>(width / 255);
  const double inverse = scale > 0 ? 1.0 / double{scale} : 0;
  std::uint8_t* const sevens = sevens_.data() + slot * dimension_;
  std::uint8_t* const plane = planes_.data() + slot * plane_bytes();
  std::int64_t sum = 0, sum_sevens = 0, squares = 0;
  for (std::size_t i = 0; i < dimension_; ++i) {
    const auto code =
        std::min(static_cast<std::int32_t>((vector[i] - offset) * inverse + 0.5), 255);
    sevens[i] = static_cast<std::uint8_t>(code >> 1);
    plane[i / 8] = static_cast<std::uint8_t>(plane[i / 8] | (code & 1) << (i % 8));
    sum += code;
    sum_sevens += code >> 1;
    squares += code * code;
  }
  const double s = scale, n = static_cast<double>(dimension_);
  const double squared = n * offset * offset + 2 * offset * s * static_cast<double>(sum) +
                         s * s * static_cast<double>(squares);
  const double norm = std::sqrt(std::max(squared, 0.0));
  headers_[slot] = {scale, static_cast<float>(offset), rankable(static_cast<float>(norm)),
                    static_cast<std::int32_t>(sum_sevens)};
}

void Sq8Codes::prepare(std::span<const float> vector, Query& prepared) const {
  assert(vector.size() == dimension_);
  auto& query = prepared.reuse<Prepared>();
  if (metric_ == Metric::Cosine) {
    query.unit.resize(dimension_);
    math::normalise(vector, query.unit);
    vector = query.unit;
  }
  const float largest = largest_magnitude(vector);
  const double step = quantise(vector, largest, 127, query.own, query.sum);
  const double wide_step =
      quantise(vector, largest, math::max_wide_query(dimension_), query.wide, query.wide_sum);
  query.codes = query.own.data();
  query.scale = static_cast<float>(step);
  query.offset = 0;
  query.wide_scale = static_cast<float>(wide_step);
  if (metric_ == Metric::L2) {
    const double norm = math::norm(vector);
    query.squared_norm = static_cast<float>(norm * norm);
  }
  query.is_zero = step == 0 && metric_ != Metric::L2;
}

void Sq8Codes::prepare_stored(Slot slot, Query& prepared) const {
  assert(slot < size());
  auto& query = prepared.reuse<Prepared>();
  const Sq8Header& header = headers_[slot];
  const float sevens_scale = 2 * header.scale, sevens_offset = header.offset + 0.5f * header.scale;
  query.codes = reinterpret_cast<const std::int8_t*>(sevens_.data() + slot * dimension_);
  query.scale = sevens_scale;
  query.offset = sevens_offset;
  query.sum = static_cast<float>(dimension_) * sevens_offset +
              sevens_scale * static_cast<float>(header.sum_sevens);
  query.squared_norm = header.norm * header.norm;
  query.is_zero = false;
}

void Sq8Codes::touch_headers(std::span<const Slot> slots) const noexcept {
  for (const Slot slot : slots) math::touch(&headers_[slot], sizeof(Sq8Header));
}

void Sq8Codes::finish(const Prepared& query, std::span<const Slot> slots,
                      std::span<float> scores) const noexcept {
  if (metric_ == Metric::Cosine) return;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (metric_ == Metric::L2) {
      const float norm = headers_[slots[i]].norm;
      scores[i] = 2 * scores[i] - norm * norm - query.squared_norm;
    }
    scores[i] = rankable(scores[i]);
  }
}

void Sq8Codes::score(const Query& prepared, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept {
  assert(scores.size() >= slots.size());
  const auto& query = prepared.as<Prepared>();
  std::int32_t dots[kBlock];
  for (std::size_t at = 0; at < slots.size(); at += kBlock) {
    const std::size_t count = std::min(kBlock, slots.size() - at);
    touch_headers(slots.subspan(at, count));
    kernels_->dot_u7(query.codes, sevens_.data(), dimension_, slots.data() + at, count, dots);
    for (std::size_t i = 0; i < count; ++i) {
      const Sq8Header& header = headers_[slots[at + i]];
      const float crossed = query.offset * static_cast<float>(header.sum_sevens) +
                            query.scale * static_cast<float>(dots[i]);
      scores[at + i] =
          (header.offset + 0.5f * header.scale) * query.sum + 2 * header.scale * crossed;
    }
    finish(query, slots.subspan(at, count), scores.subspan(at, count));
  }
}

void Sq8Codes::score_precise(const Query& prepared, std::span<const Slot> slots,
                             std::span<float> scores) const noexcept {
  const auto& query = prepared.as<Prepared>();
  assert(scores.size() >= slots.size() && query.codes == query.own.data());
  std::int32_t dots[kBlock];
  for (std::size_t at = 0; at < slots.size(); at += kBlock) {
    const std::size_t count = std::min(kBlock, slots.size() - at);
    touch_headers(slots.subspan(at, count));
    kernels_->dot_u8(query.wide.data(), sevens_.data(), planes_.data(), dimension_,
                     slots.data() + at, count, dots);
    for (std::size_t i = 0; i < count; ++i) {
      const Sq8Header& header = headers_[slots[at + i]];
      scores[at + i] = header.offset * query.wide_sum +
                       header.scale * (query.wide_scale * static_cast<float>(dots[i]));
    }
    finish(query, slots.subspan(at, count), scores.subspan(at, count));
  }
}

void Sq8Codes::decode(Slot slot, std::span<float> out) const {
  assert(slot < size() && out.size() == dimension_);
  const Sq8Header& header = headers_[slot];
  const std::uint8_t* const sevens = sevens_.data() + slot * dimension_;
  const std::uint8_t* const plane = planes_.data() + slot * plane_bytes();
  for (std::size_t i = 0; i < dimension_; ++i) {
    const int code = 2 * sevens[i] + (plane[i / 8] >> (i % 8) & 1);
    out[i] = header.offset + header.scale * static_cast<float>(code);
  }
}

std::uint64_t Sq8Codes::fingerprint(Slot slot) const noexcept {
  // The plane belongs to the code, but the seven-bit codes and the header tell nearly all apart.
  std::uint64_t seed = 0;
  std::memcpy(&seed, &headers_[slot], sizeof seed);
  return checksum64(std::as_bytes(std::span(sevens_).subspan(slot * dimension_, dimension_)), seed);
}

bool Sq8Codes::same_code(Slot a, Slot b) const noexcept {
  return std::memcmp(&headers_[a], &headers_[b], sizeof(Sq8Header)) == 0 &&
         std::memcmp(sevens_.data() + a * dimension_, sevens_.data() + b * dimension_,
                     dimension_) == 0 &&
         std::memcmp(planes_.data() + a * plane_bytes(), planes_.data() + b * plane_bytes(),
                     plane_bytes()) == 0;
}

}  // namespace corsac::codec

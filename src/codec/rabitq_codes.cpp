#include "codec/rabitq_codes.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <string>

#include "base/checksum.h"
#include "math/normalise.h"

namespace corsac::codec {
namespace {

/// Codes scored between two reads of the headers.
constexpr std::size_t kBlock = 64;

/// The best step of a uniform quantiser for a normal distribution of deviation 1 (Max, "Quantizing
/// for minimum distortion", 1960), and how far around it the step of one vector is sought.
constexpr double kStepOfTwoBits = 0.9957, kStepOfFourBits = 0.3352;
constexpr double kStretches[] = {0.76, 0.84, 0.92, 1.0, 1.08, 1.16, 1.26, 1.38};

/// Six bits of a query reach from -31 to 31, eight from -127 to 127.
constexpr int kLimitOfPlanes = 31, kLimitOfBytes = 127;

}  // namespace

RabitqCodes::RabitqCodes(Metric metric, std::size_t dimension, unsigned bits, std::uint64_t seed,
                         const math::Kernels& kernels)
    : Codec(dimension),
      kernels_(&kernels),
      metric_(metric),
      bits_(bits),
      rotation_(dimension, seed, kernels),
      code_bytes_(rotation_.padded() * bits / 8),
      stride_(code_bytes_ + sizeof(RabitqHeader)) {
  assert(bits == 1 || bits == 2 || bits == 4);
}

std::size_t RabitqCodes::candidates(std::size_t k) const noexcept {
  return bits_ == 4 ? 2 * k + 10 : bits_ == 2 ? 6 * k + 20 : 20 * k;
}

RabitqHeader RabitqCodes::header(Slot slot) const noexcept {
  RabitqHeader out;
  std::memcpy(&out, row(slot) + code_bytes_, sizeof out);
  return out;
}

void RabitqCodes::append(std::span<const float> vectors) {
  assert(vectors.size() % dimension_ == 0);
  const std::size_t old = rows_.size(), count = vectors.size() / dimension_;
  math::reserve_growing(rows_, old + count * stride_);
  rows_.resize(old + count * stride_);
  unit_.resize(dimension_);
  for (std::size_t i = 0; i < count; ++i) {
    // Directions are rotated, so that no sum of large numbers overflows.
    double norm = math::normalise(vectors.subspan(i * dimension_, dimension_), unit_);
    if (metric_ == Metric::Cosine && norm > 0) norm = 1;
    encode(norm, rows_.data() + old + i * stride_);
  }
}

void RabitqCodes::encode(double norm, std::uint8_t* row) {
  rotated_.resize(padded());
  levels_.resize(padded());
  rotation_.apply(unit_, rotated_);
  const double deviation = 1 / std::sqrt(static_cast<double>(padded()));
  const std::int32_t top = levels() - 1, half = levels() / 2;
  double best = -1, best_dot = 0, best_squares = 0;
  for (const double stretch : kStretches) {
    const double step = stretch * deviation * (bits_ == 4 ? kStepOfFourBits : kStepOfTwoBits);
    const auto inverse = static_cast<float>(1 / step);
    double dot = 0;
    std::int64_t squares = 0;
    for (std::size_t i = 0; i < padded(); ++i) {
      // Rounded down, without the rounding mode of the platform.
      const float limited = std::clamp(rotated_[i] * inverse, -16.0f, 15.0f);
      const auto level = std::clamp(static_cast<std::int32_t>(limited + 16) - 16 + half, 0, top);
      levels_[i] = static_cast<std::uint8_t>(level);
      const std::int32_t twice = 2 * level - top;
      dot += double{rotated_[i]} * twice;
      squares += twice * twice;
    }
    const double match = dot * dot / static_cast<double>(squares);
    if (match > best) {
      best = match;
      best_dot = dot;
      best_squares = static_cast<double>(squares);
      best_.swap(levels_);
      levels_.resize(padded());
    }
    if (bits_ == 1) break;  // The step changes nothing.
  }
  pack(row);
  RabitqHeader header{0, 0, rankable(static_cast<float>(norm))};
  if (norm > 0 && best_dot > 0) {
    const double cosine = std::min(best_dot / std::sqrt(best_squares), 1.0);
    const double tangent = std::sqrt(std::max(1 - cosine * cosine, 0.0)) / cosine;
    header.factor = rankable(static_cast<float>(2 * norm / best_dot));
    header.spread =
        rankable(static_cast<float>(norm * tangent / std::sqrt(static_cast<double>(padded()) - 1)));
  }
  std::memcpy(row + code_bytes_, &header, sizeof header);
}

void RabitqCodes::pack(std::uint8_t* row) const noexcept {
  std::fill_n(row, code_bytes_, std::uint8_t{0});
  for (std::size_t i = 0; i < padded(); ++i) {
    if (bits_ == 4) {
      std::uint8_t& byte = row[i / 32 * 16 + i % 16];
      byte = static_cast<std::uint8_t>(byte | best_[i] << (i % 32 < 16 ? 0 : 4));
      continue;
    }
    for (unsigned bit = 0; bit < bits_; ++bit) {
      std::uint8_t& byte = row[bit * padded() / 8 + i / 8];
      byte = static_cast<std::uint8_t>(byte | (best_[i] >> bit & 1) << (i % 8));
    }
  }
}

std::uint8_t RabitqCodes::level(const std::uint8_t* row, std::size_t i) const noexcept {
  if (bits_ == 4)
    return static_cast<std::uint8_t>(row[i / 32 * 16 + i % 16] >> (i % 32 < 16 ? 0 : 4) & 15);
  unsigned out = 0;
  for (unsigned bit = 0; bit < bits_; ++bit)
    out |= (row[bit * padded() / 8 + i / 8] >> (i % 8) & 1u) << bit;
  return static_cast<std::uint8_t>(out);
}

void RabitqCodes::decode_rotated(Slot slot, std::span<float> out) const noexcept {
  const RabitqHeader stored = header(slot);
  const std::int32_t top = levels() - 1;
  std::int64_t squares = 0;
  for (std::size_t i = 0; i < padded(); ++i) {
    const std::int32_t twice = 2 * level(row(slot), i) - top;
    out[i] = static_cast<float>(twice);
    squares += twice * twice;
  }
  // The multiple of v that lies nearest to x, <v, x> / <v, v>, over |x|.
  const double divisor = double{stored.factor} * static_cast<double>(squares) / 2;
  const auto scale = static_cast<float>(divisor > 0 ? double{stored.norm} / divisor : 0);
  for (float& x : out) x *= scale;
}

void RabitqCodes::decode(Slot slot, std::span<float> out) const {
  assert(slot < size() && out.size() == dimension_);
  std::vector<float> rotated(padded());
  decode_rotated(slot, rotated);
  rotation_.undo(rotated);
  const float norm = header(slot).norm;
  for (std::size_t i = 0; i < dimension_; ++i) out[i] = rotated[i] * norm;
}

void RabitqCodes::prepare(std::span<const float> vector, Query& prepared) const {
  assert(vector.size() == dimension_);
  auto& query = prepared.reuse<Prepared>();
  query.unit.resize(dimension_);
  const auto norm = static_cast<float>(math::normalise(vector, query.unit));
  query.rotated.resize(padded());
  rotation_.apply(query.unit, query.rotated);
  query.norm = metric_ == Metric::Cosine ? 1 : rankable(norm);
  quantise(query);
  query.is_zero = query.step == 0 && metric_ != Metric::L2;
}

void RabitqCodes::prepare_stored(Slot slot, Query& prepared) const {
  assert(slot < size());
  auto& query = prepared.reuse<Prepared>();
  query.rotated.resize(padded());
  decode_rotated(slot, query.rotated);
  query.norm = header(slot).norm;
  quantise(query);
  query.is_zero = false;
}

void RabitqCodes::quantise(Prepared& query) const {
  const int limit = bits_ == 4 ? kLimitOfBytes : kLimitOfPlanes;
  float largest = 0;
  for (const float x : query.rotated) largest = std::max(largest, std::abs(x));
  query.codes.resize(padded());
  query.step = largest / static_cast<float>(limit) * query.norm;
  const double inverse = largest > 0 ? limit / double{largest} : 0;
  query.sum = 0;
  for (std::size_t i = 0; i < padded(); ++i) {
    const double scaled = query.rotated[i] * inverse;
    const auto code = static_cast<std::int32_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
    query.codes[i] = static_cast<std::int8_t>(code);
    query.sum += code;
  }
  if (bits_ == 4) return;
  const std::size_t plane_bytes = padded() / 8;
  query.planes.assign(math::kQueryPlanes * plane_bytes, 0);
  for (std::size_t i = 0; i < padded(); ++i) {
    for (std::size_t plane = 0; plane < math::kQueryPlanes; ++plane) {
      std::uint8_t& byte = query.planes[plane * plane_bytes + i / 8];
      byte = static_cast<std::uint8_t>(byte | (query.codes[i] >> plane & 1) << (i % 8));
    }
  }
}

void RabitqCodes::score(const Query& prepared, std::span<const Slot> slots,
                        std::span<float> scores) const noexcept {
  assert(scores.size() >= slots.size());
  const auto& query = prepared.as<Prepared>();
  const std::int32_t top = levels() - 1;
  const float half_step = 0.5f * query.step, squared_norm = query.norm * query.norm;
  std::int32_t dots[kBlock];
  for (std::size_t at = 0; at < slots.size(); at += kBlock) {
    const std::size_t count = std::min(kBlock, slots.size() - at);
    if (bits_ == 4) {
      kernels_->dot_u4(query.codes.data(), rows_.data(), stride_, padded(), slots.data() + at,
                       count, dots);
    } else {
      kernels_->dot_bits(query.planes.data(), rows_.data(), stride_, padded() / 8, bits_,
                         slots.data() + at, count, dots);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const RabitqHeader stored = header(slots[at + i]);
      const float dot =
          stored.factor * (half_step * static_cast<float>(2 * dots[i] - top * query.sum));
      scores[at + i] = rankable(
          metric_ == Metric::L2 ? 2 * dot - stored.norm * stored.norm - squared_norm : dot);
    }
  }
}

float RabitqCodes::error(const Query& prepared, Slot slot) const noexcept {
  constexpr float kConfidence = 1.9f, kUniformDeviation = 0.29f;
  const auto& query = prepared.as<Prepared>();
  const RabitqHeader stored = header(slot);
  // Rounding the query adds an error of its own: a uniform one in each dimension, along v.
  const float rounded = kUniformDeviation * query.step *
                        (stored.norm + stored.spread * std::sqrt(static_cast<float>(padded())));
  const float dot = kConfidence * (query.norm * stored.spread + rounded);
  return rankable(metric_ == Metric::L2 ? 2 * dot : dot);
}

std::uint64_t RabitqCodes::fingerprint(Slot slot) const noexcept {
  return checksum64(std::as_bytes(std::span(row(slot), stride_)));
}

bool RabitqCodes::same_code(Slot a, Slot b) const noexcept {
  return std::memcmp(row(a), row(b), stride_) == 0;
}

void RabitqCodes::save(SectionSink& sink) {
  sink.append(SectionId::Codes, std::as_bytes(std::span(rows_).subspan(saved_ * stride_)));
  saved_ = size();
}

Status RabitqCodes::load(const SectionSource& source, std::size_t count) {
  const ByteView bytes = source.section(SectionId::Codes);
  if (bytes.size() / stride_ != count || bytes.size() % stride_ != 0) {
    return Error{ErrorCode::Corrupt, "rotated codes: " + std::to_string(bytes.size()) +
                                         " bytes, expected " + std::to_string(count) + " rows of " +
                                         std::to_string(stride_)};
  }
  rows_.resize(bytes.size());
  if (!bytes.empty()) std::memcpy(rows_.data(), bytes.data(), bytes.size());
  saved_ = count;
  for (Slot slot = 0; slot < count; ++slot) {
    const RabitqHeader stored = header(slot);
    const bool good = std::isfinite(stored.factor) && std::isfinite(stored.spread) &&
                      std::isfinite(stored.norm) && stored.factor >= 0 && stored.spread >= 0 &&
                      stored.norm >= 0 && (stored.factor > 0 || stored.spread == 0);
    if (!good) {
      return Error{ErrorCode::Corrupt,
                   "rotated codes: the header of vector " + std::to_string(slot) + " is damaged"};
    }
  }
  return Done{};
}

}  // namespace corsac::codec

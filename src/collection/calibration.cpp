#include "collection/calibration.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

#include "base/types.h"

namespace corsac::collection {
namespace {

/// Queries of another kind than what is stored are harder. Of the misses allowed, the share that
/// the collection's own vectors may have, what is added to it, and the least width whatever those
/// need: so that questions searched among statements, and statements among questions, miss their
/// target by less than .03 (benchmarks/cpp/targets.cpp).
constexpr double kOwnShare = 0.31, kOwnAllowance = 0.003;
constexpr double kLeastWidth = 38, kLeastWidthPerMiss = 0.65;
/// A sample is a few hundred queries, measured against the codes: aimed a little higher, to stay
/// above by chance.
constexpr double kSampleShare = 0.5;
/// Curves are of recall at ten.
constexpr std::size_t kCurveK = 10;

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "calibration: " + std::move(what)}; }

}  // namespace

std::uint32_t Curve::ef_for(double recall) const noexcept {
  assert(!empty());
  CurvePoint before = points.front();
  for (const CurvePoint& point : points) {
    if (double{point.recall} >= recall) {
      if (point.recall <= before.recall) return point.ef;
      const double share =
          (recall - double{before.recall}) / (double{point.recall} - before.recall);
      return before.ef + static_cast<std::uint32_t>(
                             std::ceil(share * static_cast<double>(point.ef - before.ef)));
    }
    before = point;
  }
  return before.ef;
}

double Curve::recall_of(std::uint32_t ef) const noexcept {
  assert(!empty());
  CurvePoint before = points.front();
  for (const CurvePoint& point : points) {
    if (point.ef >= ef) {
      if (point.ef == before.ef) return point.recall;
      const double share =
          static_cast<double>(ef - before.ef) / static_cast<double>(point.ef - before.ef);
      return before.recall + share * (double{point.recall} - before.recall);
    }
    before = point;
  }
  return before.recall;
}

bool Calibration::is_stale(std::size_t live) const noexcept {
  if (!curve(CurveKind::Sample).empty()) return false;
  const Curve& own = curve(CurveKind::Own);
  return own.empty() || live > std::size_t{kStaleFactor} * own.vectors ||
         kStaleFactor * live < own.vectors;
}

std::uint32_t Calibration::ef_for(double recall, std::size_t k) const noexcept {
  const Curve& own = curve(CurveKind::Own);
  const Curve& sample = curve(CurveKind::Sample);
  if (empty()) return 0;
  const double misses = 1 - recall;
  std::uint64_t ef;
  if (!sample.empty()) {
    ef = sample.ef_for(1 - misses * kSampleShare);
  } else {
    const double least = std::min(kLeastWidth + kLeastWidthPerMiss / misses, double{kMaxEf});
    ef = std::max(own.ef_for(1 - misses * kOwnShare - kOwnAllowance),
                  static_cast<std::uint32_t>(least));
  }
  // Deeper hits need a walk as much wider.
  const std::uint64_t scaled = ef * std::max(k, kCurveK) / kCurveK;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(scaled, kMaxEf));
}

void Calibration::encode(ByteWriter& out) const {
  for (const Curve& curve : curves_) encode_curve(curve, out);
}

Result<Calibration> Calibration::decode(ByteView bytes) {
  Calibration out;
  if (bytes.empty()) return out;
  ByteReader in(bytes);
  for (Curve& curve : out.curves_) {
    Result<Curve> read = decode_curve(in);
    if (!read) return read.error();
    curve = *std::move(read);
  }
  if (!in.finished()) return corrupt("stray bytes at the end");
  return out;
}

void encode_curve(const Curve& curve, ByteWriter& out) {
  out.put(curve.vectors);
  out.put(curve.queries);
  out.put(static_cast<std::uint32_t>(curve.points.size()));
  for (const CurvePoint& point : curve.points) {
    out.put(point.ef);
    out.put(point.recall);
  }
}

Result<Curve> decode_curve(ByteReader& in) {
  Curve out;
  out.vectors = in.get<std::uint32_t>();
  out.queries = in.get<std::uint32_t>();
  const auto count = in.get<std::uint32_t>();
  if (count > kMaxCurvePoints) return corrupt(std::to_string(count) + " points");
  CurvePoint before{0, 0};
  for (std::uint32_t i = 0; i < count; ++i) {
    const CurvePoint point{in.get<std::uint32_t>(), in.get<float>()};
    if (!in.ok()) break;
    if (point.ef <= before.ef || point.ef > kMaxEf || !(point.recall >= before.recall) ||
        !(point.recall <= 1)) {
      return corrupt("point " + std::to_string(i) + " has ef " + std::to_string(point.ef));
    }
    out.points.push_back(before = point);
  }
  if (!in.ok()) return corrupt("it ends early");
  return out;
}

}  // namespace corsac::collection

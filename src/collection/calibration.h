// How many candidates does a search need for a recall? What was measured on queries of a kind, and
// kept with the collection: collection/calibrator.h measures it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::collection {

/// Whose queries were measured: the collection's own vectors, each with itself left out, or a
/// sample that a user gave.
enum class CurveKind : std::uint8_t { Own = 0, Sample = 1 };

struct CurvePoint {
  std::uint32_t ef;  ///< 1..kMaxEf
  float recall;      ///< at 10, 0..1
};

/// Recall over the width of a walk, by ascending ef; recall never falls.
struct Curve {
  std::uint32_t vectors = 0;  ///< live ones when it was measured
  std::uint32_t queries = 0;
  std::vector<CurvePoint> points;

  bool empty() const noexcept { return points.empty(); }
  /// The smallest ef that reaches `recall`, between two points in proportion; the last when none
  /// does. Requires: !empty().
  std::uint32_t ef_for(double recall) const noexcept;
  /// The recall that an ef reaches, between two points in proportion. Requires: !empty().
  double recall_of(std::uint32_t ef) const noexcept;
};

inline constexpr std::size_t kMaxCurvePoints = 64;
/// A collection that grew or shrank by this factor is measured again.
inline constexpr std::uint32_t kStaleFactor = 2;

class Calibration {
 public:
  const Curve& curve(CurveKind kind) const noexcept { return curves_[static_cast<unsigned>(kind)]; }
  void set(CurveKind kind, Curve curve) { curves_[static_cast<unsigned>(kind)] = std::move(curve); }
  void clear() { curves_ = {}; }
  bool empty() const noexcept { return curves_[0].empty() && curves_[1].empty(); }

  /// Whether a target would rest on nothing, or on a collection of another size.
  bool is_stale(std::size_t live) const noexcept;
  /// The ef for `k` hits at a recall; 0 when nothing was measured. A sample speaks for its own kind
  /// of query. The collection's own vectors are easier than queries of another kind, so without a
  /// sample a third of the misses is aimed at.
  std::uint32_t ef_for(double recall, std::size_t k) const noexcept;

  /// Both curves, the own one first.
  void encode(ByteWriter& out) const;
  /// Fails with: Corrupt.
  static Result<Calibration> decode(ByteView bytes);

 private:
  std::array<Curve, 2> curves_;  // by kind
};

/// u32 vectors, u32 queries, u32 count, { u32 ef, f32 recall }[count].
void encode_curve(const Curve& curve, ByteWriter& out);
/// Fails with: Corrupt when a point is out of range or out of order.
Result<Curve> decode_curve(ByteReader& in);

}  // namespace corsac::collection

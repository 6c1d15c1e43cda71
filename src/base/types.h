// The vocabulary every layer shares.
#pragma once

#include <cstdint>
#include <limits>

namespace corsac {

/// Dense internal number of a document, in the order of its last write. External ids live only in
/// collection/id_map.h.
using Ordinal = std::uint32_t;
inline constexpr Ordinal kNoOrdinal = std::numeric_limits<Ordinal>::max();

/// Dense internal number of a stored vector, in the order it was stored.
using Slot = std::uint32_t;
inline constexpr Slot kNoSlot = std::numeric_limits<Slot>::max();

/// One search result. `score` is always "higher is nearer", whatever the metric.
struct Hit {
  Ordinal ordinal;
  float score;

  friend bool operator==(const Hit&, const Hit&) = default;
};

/// How near two vectors are. Cosine is the dot product of the normalised vectors (0 for a zero
/// vector), Dot the inner product, L2 the negative squared Euclidean distance.
enum class Metric : std::uint8_t { Cosine = 0, Dot = 1, L2 = 2 };

inline constexpr std::uint32_t kMaxDimension = 8192;
inline constexpr std::uint32_t kMaxK = 10'000;
inline constexpr std::uint32_t kMaxEf = 65'536;

}  // namespace corsac

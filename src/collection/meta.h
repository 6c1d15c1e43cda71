// What does a collection's Meta section say? How many of everything there are, against which the
// other sections are checked, and what the index is today.
//   meta := u32 version (2), u32 ordinals, u32 live, u32 slots, u32 original rows, u32 dimension,
//   u8 metric,
//           u8 kind, u8 codec, u8 rerank, u32 m, u32 ef construction, u32 ef search, u32 0, u64
//           seed, u32 bits, u32 candidates, u32
//           subvectors, u32 iterations, u32 samples
// Version 1 ends with the seed. Version 3 goes on with a calibration (calibration.h); version 4 has
// before it a text: the options, where they are not those that the collection was made with.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "collection/calibration.h"
#include "index/vector_index.h"

namespace corsac::collection {

inline constexpr std::uint32_t kMetaVersion = 4;
inline constexpr std::size_t kMetaBytes = 72;  // of version 2

struct Meta {
  std::uint32_t ordinals = 0;
  std::uint32_t live = 0;
  std::uint32_t slots = 0;
  std::uint32_t original_rows = 0;
  index::IndexOptions index;
  Calibration calibration;
  std::string options;  ///< canonical JSON (options.h); empty: as the collection was made

  /// But for the calibration.
  friend bool operator==(const Meta& a, const Meta& b);
};

/// Whether both describe the same index.
bool same_index(const index::IndexOptions& a, const index::IndexOptions& b) noexcept;

Bytes encode_meta(const Meta& meta);
/// Fails with: Corrupt, UnsupportedFormat naming the version.
Result<Meta> decode_meta(ByteView bytes);

}  // namespace corsac::collection

// Which segments make up a stored index? The TextMeta section: what the index was made with, its
// segments, and what was removed.
//
//   u32 magic, u16 version, u16 analysis version, u64 XXH3 of everything after it,
//   u64 fingerprint of the options that shape terms, u32 size, u64 next key, u32 segments,
//   per segment { u64 key, u32 first ordinal, u32 span }, removed ordinals [ceil(size / 64)] u64
#pragma once

#include <cstdint>
#include <vector>

#include "base/bitset.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/types.h"
#include "text/text_index.h"

namespace corsac::text {

struct SegmentRef {
  std::uint64_t key;
  Ordinal first;
  std::uint32_t span;
};

struct TextMeta {
  std::uint64_t next_key = 1;
  std::vector<SegmentRef> segments;  ///< by ascending ordinals
  Bitset deleted;                    ///< [size]
};

Bytes encode(const TextMeta& meta, const TextOptions& options);
/// Fails with: Corrupt (also when the options differ from those it was made with),
/// UnsupportedFormat.
Result<TextMeta> decode_text_meta(ByteView bytes, const TextOptions& options);

}  // namespace corsac::text

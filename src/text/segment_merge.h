// Several neighbouring segments become one, without what was removed. Sealing is a merge of one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/bitset.h"
#include "base/bytes.h"
#include "text/segment.h"

namespace corsac::text {

/// The bytes of a sealed segment; empty when no document is left. `deleted` is over ordinals.
/// Requires: the segments' ranges ascend and do not overlap; at least one.
Bytes merge_segments(std::span<const Segment* const> segments, const Bitset& deleted);

/// Which segments to merge, given their sizes in bytes from oldest to newest: from the index
/// returned to the end. Segments fall into tiers by powers of four; as soon as a tier has four,
/// they are merged with all that are newer, so a byte is rewritten about log4(n) times and 3
/// segments a tier remain.
std::optional<std::size_t> first_to_merge(std::span<const std::uint64_t> sizes) noexcept;

}  // namespace corsac::text

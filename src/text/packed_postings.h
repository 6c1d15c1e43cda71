// How is a finished posting list stored? docs/text.md draws it.
//
//   list of 1 to 128 postings:  short
//   longer list:                directory of ceil(n / 128) entries, then the data of each block
//   data of a full block:       128 document gaps, then 128 frequencies less one (bit_block.h)
//   short, and the last block when it is not full: per posting a varint (gap << 1 | frequency is
//   1),
//                               then, unless that bit is set, the frequency as a varint
//
// A gap is the distance to the document before (to -1 at the start of a list), less one. A
// directory entry also holds the block's pareto set of (largest frequency, smallest length), so
// that an upper bound of its scores is known for any k1, b and average length without reading the
// block. A short list has no such bound: reading it costs no more than a bound would save.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "text/posting_reader.h"
#include "text/segment.h"

namespace corsac::text {

/// (frequency, length) that no posting of the block exceeds in frequency without exceeding in
/// length.
struct Impact {
  std::uint8_t frequency = 0;  ///< 255 stands for anything from 255 on; 0: unused
  std::uint8_t length = 0;     ///< length_code() of a lower bound
};
inline constexpr std::size_t kImpacts = 3;

/// Lengths in a byte, rounded down: exact to 15, then 4 significant bits. Monotone.
std::uint8_t length_code(std::uint32_t length) noexcept;
std::uint32_t length_of_code(std::uint8_t code) noexcept;

struct BlockEntry {
  std::uint32_t last_document = 0;
  std::uint32_t data_end = 0;  ///< from the end of the directory
  std::uint8_t gap_bits = 0;
  std::uint8_t frequency_bits = 0;
  std::array<Impact, kImpacts> impacts;
};
static_assert(sizeof(BlockEntry) == 16);

/// Appends one list. Requires: documents ascend strictly; at least one posting.
void append_postings(std::vector<std::byte>& out, std::span<const Posting> postings,
                     LengthView lengths);

}  // namespace corsac::text

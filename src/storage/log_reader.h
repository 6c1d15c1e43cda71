// What does a log segment hold? Its frames up to the first that is not valid, and what valid frames
// beyond it still say about durability. Nothing is judged here: see log_history.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "storage/log_format.h"

namespace corsac::storage {

enum class HeaderState : std::uint8_t { Valid, Damaged, Newer };

struct ScannedHeader {
  HeaderState state = HeaderState::Damaged;
  SegmentHeader header;  ///< the fields as found, also of a damaged one
};

/// Damaged: too short, bad magic or checksum, or of another store or number.
ScannedHeader read_segment_header(ByteView bytes, const Uuid& store, std::uint64_t number);

struct ScannedFrame {
  std::uint64_t sequence = 0;
  std::uint64_t durable_upto = 0;
  std::uint64_t checksum = 0;
  std::size_t payload_offset = 0;  ///< into the segment
  std::uint32_t payload_bytes = 0;
  std::uint16_t schema = 0;
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::size_t end = 0;  ///< offset past the padding

  bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
};

struct SegmentScan {
  ScannedHeader header;
  std::vector<ScannedFrame> frames;  ///< from the header's first sequence on, without a gap
  std::uint64_t later_frames = 0;    ///< valid frames past the first invalid byte
  std::uint64_t durable_upto = 0;    ///< the highest claim of any valid frame
  std::size_t size = 0;              ///< of the segment
  std::optional<Error> unsupported;  ///< a valid frame that only a later version understands
};

SegmentScan scan_segment(ByteView bytes, const Uuid& store, std::uint64_t number);

}  // namespace corsac::storage

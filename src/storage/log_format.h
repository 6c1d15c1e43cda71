// How is the log laid out? A segment is a 96-byte header and frames; docs/format.md draws both, and
// the asserts below keep the drawing true. Written by log_writer, read by log_reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/checksum.h"
#include "storage/catalog.h"

namespace corsac::storage {

inline constexpr std::uint16_t kLogMajor = 1;
inline constexpr std::uint16_t kLogMinor = 0;

/// In the manner of PNG: catches text-mode and line-end damage.
inline constexpr std::array<std::uint8_t, 8> kSegmentMagic = {0x89, 'X',  'W',  'L',
                                                              0x0D, 0x0A, 0x1A, 0x0A};
inline constexpr std::size_t kSegmentHeaderBytes = 96;
inline constexpr std::size_t kFrameHeaderBytes = 40;
inline constexpr std::size_t kFrameAlignment = 8;
/// A frame with its header.
inline constexpr std::size_t kMaxFrameBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxFramePayload = kMaxFrameBytes - kFrameHeaderBytes;
/// client and number, at the start of the payload of a batch-begin frame.
inline constexpr std::size_t kBatchIdBytes = 16;
/// 'FRM1', mixed with the salt so that frames of another segment never match.
inline constexpr std::uint32_t kFrameTag = 0x314D5246;

namespace segment_field {
inline constexpr std::size_t kMajor = 8, kMinor = 10, kIncompatible = 12, kStore = 16, kNumber = 32,
                             kEpoch = 40, kSalt = 48, kFirstSequence = 64, kChain = 72,
                             kChecksum = 88;
}
namespace frame_field {
inline constexpr std::size_t kTag = 0, kPayloadBytes = 4, kSequence = 8, kDurableUpto = 16,
                             kType = 24, kFlags = 25, kSchema = 26, kReserved = 28, kChecksum = 32;
}

static_assert(kSegmentMagic.size() == segment_field::kMajor);
static_assert(segment_field::kStore + sizeof(Uuid) == segment_field::kNumber);
static_assert(segment_field::kSalt + 16 == segment_field::kFirstSequence);
static_assert(segment_field::kChain + sizeof(Checksum128) == segment_field::kChecksum);
static_assert(segment_field::kChecksum + sizeof(std::uint64_t) == kSegmentHeaderBytes);
static_assert(frame_field::kReserved + sizeof(std::uint32_t) == frame_field::kChecksum);
static_assert(frame_field::kChecksum + sizeof(std::uint64_t) == kFrameHeaderBytes);
static_assert(kSegmentHeaderBytes % kFrameAlignment == 0 &&
              kMaxFramePayload % kFrameAlignment == 0);

enum class FrameType : std::uint8_t {
  Data = 1,
  SnapRef = 2,  ///< reserved; read and passed over
  Seal = 3,     ///< the segment ends here; the log goes on in the next
  Close = 4,    ///< the session ended well
  Epoch = 5,    ///< reserved; read and passed over
};
/// Types from here on may be passed over by a reader that does not know them.
inline constexpr std::uint8_t kFirstIgnorableType = 0x80;

namespace frame_flag {
inline constexpr std::uint8_t kBatchBegin = 1, kBatchEnd = 2, kCompressed = 4, kEncrypted = 8;
inline constexpr std::uint8_t kKnown =
    kBatchBegin | kBatchEnd;  // the others come with a later version
}  // namespace frame_flag

struct SegmentHeader {
  Uuid store{};
  std::uint64_t number = 0;
  std::uint64_t epoch = 0;
  Checksum128 salt;
  std::uint64_t first_sequence = 0;
  Checksum128 chain;  ///< see chain_of

  std::uint32_t tag() const noexcept { return static_cast<std::uint32_t>(salt.low) ^ kFrameTag; }
};

/// What ties a segment to the last one before it that has a frame: of that one's header and its
/// last frame's checksum. All zero for the first segment of a collection.
inline Checksum128 chain_of(ByteView header, std::uint64_t last_checksum) {
  ByteWriter joined;
  joined.append(header);
  joined.put(last_checksum);
  return checksum128(joined.view());
}

}  // namespace corsac::storage

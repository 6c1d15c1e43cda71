#include "storage/log_reader.h"

#include <algorithm>

#include "collection/operation.h"

namespace corsac::storage {
namespace {

// Bytes of every segment byte that a search for later frames may hash: a segment made of nothing
// but frame starts must not take quadratic time.
constexpr std::uint64_t kMaxHashingRatio = 16;

// The frame at `at`, if it is one whatever its sequence.
std::optional<ScannedFrame> frame_at(ByteView bytes, std::size_t at, const SegmentHeader& header,
                                     std::uint64_t* hashed = nullptr) {
  if (at > bytes.size() || bytes.size() - at < kFrameHeaderBytes) return std::nullopt;
  const ByteView head = bytes.subspan(at, kFrameHeaderBytes);
  ByteReader reader(head);
  if (reader.get<std::uint32_t>() != header.tag()) return std::nullopt;
  ScannedFrame frame;
  frame.payload_bytes = reader.get<std::uint32_t>();
  if (frame.payload_bytes > kMaxFramePayload ||
      frame.payload_bytes > bytes.size() - at - kFrameHeaderBytes) {
    return std::nullopt;
  }
  frame.sequence = reader.get<std::uint64_t>();
  frame.durable_upto = reader.get<std::uint64_t>();
  frame.type = reader.get<std::uint8_t>();
  frame.flags = reader.get<std::uint8_t>();
  frame.schema = reader.get<std::uint16_t>();
  const auto reserved = reader.get<std::uint32_t>();
  frame.checksum = reader.get<std::uint64_t>();
  frame.payload_offset = at + kFrameHeaderBytes;
  if (hashed != nullptr) *hashed += kFrameHeaderBytes + frame.payload_bytes;
  const ByteView payload = bytes.subspan(frame.payload_offset, frame.payload_bytes);
  if (checksum64(head.first(frame_field::kChecksum), payload, header.salt.low) != frame.checksum)
    return std::nullopt;
  if (reserved != 0)
    frame.flags |=
        static_cast<std::uint8_t>(~frame_flag::kKnown);  // valid, and not of this version
  const std::size_t padded =
      (frame.payload_bytes + kFrameAlignment - 1) / kFrameAlignment * kFrameAlignment;
  frame.end = std::min(frame.payload_offset + padded, bytes.size());
  return frame;
}

std::optional<Error> unsupported(const ScannedFrame& frame) {
  const bool ignorable = frame.type >= kFirstIgnorableType;
  const bool known = frame.type >= static_cast<std::uint8_t>(FrameType::Data) &&
                     frame.type <= static_cast<std::uint8_t>(FrameType::Epoch);
  const bool data = frame.type == static_cast<std::uint8_t>(FrameType::Data);
  const bool flags = (frame.flags & ~frame_flag::kKnown) == 0;
  const bool schema = !data || frame.schema <= collection::kOperationVersion;
  if (ignorable || (known && flags && schema)) return std::nullopt;
  return Error{ErrorCode::UnsupportedFormat,
               "log frame " + std::to_string(frame.sequence) + " is of a newer version (type " +
                   std::to_string(frame.type) + ", flags " + std::to_string(frame.flags) +
                   ", schema " + std::to_string(frame.schema) + ")"};
}

// Valid frames anywhere past `at`: what they claim separates a torn tail from damage.
void search_later(SegmentScan& scan, ByteView bytes, std::size_t at) {
  const SegmentHeader& header = scan.header.header;
  const std::uint64_t limit = kMaxHashingRatio * bytes.size();
  std::uint64_t hashed = 0;
  while (at + kFrameHeaderBytes <= bytes.size() && hashed <= limit) {
    if (const auto frame = frame_at(bytes, at, header, &hashed)) {
      ++scan.later_frames;
      scan.durable_upto = std::max(scan.durable_upto, frame->durable_upto);
      at = std::max(frame->end, at + kFrameAlignment);
    } else {
      at += kFrameAlignment;
    }
  }
}

}  // namespace

ScannedHeader read_segment_header(ByteView bytes, const Uuid& store, std::uint64_t number) {
  ScannedHeader out;
  if (bytes.size() < kSegmentHeaderBytes) return out;
  const ByteView raw = bytes.first(kSegmentHeaderBytes);
  ByteReader reader(raw);
  const ByteView magic = reader.take(kSegmentMagic.size());
  const auto major = reader.get<std::uint16_t>();
  reader.get<std::uint16_t>();
  const auto incompatible = reader.get<std::uint32_t>();
  const ByteView uuid = reader.take(out.header.store.size());
  std::copy(uuid.begin(), uuid.end(), out.header.store.begin());
  out.header.number = reader.get<std::uint64_t>();
  out.header.epoch = reader.get<std::uint64_t>();
  out.header.salt.low = reader.get<std::uint64_t>();
  out.header.salt.high = reader.get<std::uint64_t>();
  out.header.first_sequence = reader.get<std::uint64_t>();
  out.header.chain.low = reader.get<std::uint64_t>();
  out.header.chain.high = reader.get<std::uint64_t>();
  const bool intact =
      std::ranges::equal(magic, std::as_bytes(std::span(kSegmentMagic))) &&
      reader.get<std::uint64_t>() == checksum64(raw.first(segment_field::kChecksum));
  if (!intact) return out;
  if (major > kLogMajor || incompatible != 0) {
    out.state = HeaderState::Newer;
  } else if (out.header.store == store && out.header.number == number &&
             out.header.first_sequence != 0) {
    out.state = HeaderState::Valid;
  }
  return out;
}

SegmentScan scan_segment(ByteView bytes, const Uuid& store, std::uint64_t number) {
  SegmentScan scan;
  scan.size = bytes.size();
  scan.header = read_segment_header(bytes, store, number);
  if (scan.header.state == HeaderState::Newer) return scan;
  std::size_t at = kSegmentHeaderBytes;
  if (scan.header.state == HeaderState::Valid) {
    std::uint64_t expected = scan.header.header.first_sequence;
    while (true) {
      const auto frame = frame_at(bytes, at, scan.header.header);
      if (!frame || frame->sequence != expected) break;
      if (!scan.unsupported) scan.unsupported = unsupported(*frame);
      scan.durable_upto = std::max(scan.durable_upto, frame->durable_upto);
      scan.frames.push_back(*frame);
      at = frame->end;
      ++expected;
    }
  }
  search_later(scan, bytes, at);
  return scan;
}

}  // namespace corsac::storage

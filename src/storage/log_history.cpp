#include "storage/log_history.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace corsac::storage {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

// A batch that is being put together from its frames.
struct OpenBatch {
  LoggedOperation operation;
  bool open = false;
};

// False when the frame cannot stand where it does.
bool take_frame(OpenBatch& batch, const ScannedFrame& frame, ByteView payload) {
  if (frame.type != static_cast<std::uint8_t>(FrameType::Data)) return !batch.open;
  if (frame.has(frame_flag::kBatchBegin)) {
    if (batch.open) return false;
    ByteReader reader(payload);
    batch.operation = {.sequence = 0,
                       .client = reader.get<std::uint64_t>(),
                       .number = reader.get<std::uint64_t>(),
                       .bytes = {}};
    if (!reader.ok()) return false;
    payload = payload.subspan(kBatchIdBytes);
    batch.open = true;
  }
  if (!batch.open) return false;
  batch.operation.bytes.insert(batch.operation.bytes.end(), payload.begin(), payload.end());
  batch.operation.sequence = frame.sequence;
  return true;
}

}  // namespace

LogHistory::LogHistory(const LogStart& start, const Uuid& store, const std::optional<LogSeal>& seal)
    : start_(start), store_(store), seal_(seal) {}

void LogHistory::add(std::uint64_t number, Bytes bytes) {
  Segment segment;
  segment.number = number;
  segment.scan = scan_segment(bytes, store_, number);
  segment.bytes = std::move(bytes);
  segments_.push_back(std::move(segment));
}

std::optional<Error> LogHistory::unsupported() const {
  for (const Segment& segment : segments_) {
    if (segment.scan.unsupported) return segment.scan.unsupported;
    if (segment.scan.header.state == HeaderState::Newer) {
      return Error{ErrorCode::UnsupportedFormat, "log segment " + std::to_string(segment.number) +
                                                     " is of a newer version than " +
                                                     std::to_string(kLogMajor)};
    }
  }
  return std::nullopt;
}

// From the newest back: the later segment knows from where the earlier ones were abandoned.
void LogHistory::mark_live() {
  std::uint64_t limit = kNoLimit;
  for (auto segment = segments_.rbegin(); segment != segments_.rend(); ++segment) {
    if (seal_ && segment->number <= seal_->segment) limit = std::min(limit, seal_->sequence + 1);
    if (segment->scan.header.state != HeaderState::Valid) continue;
    segment->limit = limit;
    segment->live = segment->scan.header.header.first_sequence < limit;
    if (segment->live) limit = segment->scan.header.header.first_sequence;
  }
}

// Reads complete batches and returns the checksum of the last frame that counts.
std::optional<std::uint64_t> LogHistory::read_batches(Segment& segment, LogVerdict& verdict) {
  std::optional<std::uint64_t> last_checksum;
  std::size_t good = kSegmentHeaderBytes;
  OpenBatch batch;
  for (const ScannedFrame& frame : segment.scan.frames) {
    if (frame.sequence >= segment.limit) break;
    if (!take_frame(batch, frame,
                    ByteView(segment.bytes).subspan(frame.payload_offset, frame.payload_bytes)))
      break;
    if (batch.open && !frame.has(frame_flag::kBatchEnd)) continue;
    if (batch.open) verdict.operations.push_back(std::move(batch.operation));
    batch = {};
    verdict.end.sequence = frame.sequence;
    last_checksum = frame.checksum;
    good = frame.end;
  }
  verdict.good_segment = segment.number;
  verdict.good_length = good;
  verdict.bytes += segment.bytes.size();
  ++verdict.segments;
  return last_checksum;
}

std::optional<Error> LogHistory::follow(LogVerdict& verdict) {
  std::uint64_t epoch = 0;
  for (Segment& segment : segments_) {
    const SegmentHeader& header = segment.scan.header.header;
    if (segment.live) {
      if (header.first_sequence != verdict.end.sequence + 1) return std::nullopt;
      if (header.chain != verdict.end.chain || header.epoch < epoch) {
        return Error{ErrorCode::Corrupt, "log segment " + std::to_string(segment.number) +
                                             " does not continue the one before it (sequence " +
                                             std::to_string(header.first_sequence) + ")"};
      }
      epoch = header.epoch;
      if (const auto last_checksum = read_batches(segment, verdict)) {
        verdict.end.chain =
            chain_of(ByteView(segment.bytes).first(kSegmentHeaderBytes), *last_checksum);
      }
      segment.bytes = {};
    }
    ++followed_;
  }
  return std::nullopt;
}

void LogHistory::find_tear(LogVerdict& verdict) const {
  for (const Segment& segment : segments_) {
    const std::uint64_t frames = segment.scan.frames.size() + segment.scan.later_frames;
    const bool sealed =
        seal_ && segment.number <= seal_->segment && verdict.end.sequence >= seal_->sequence;
    if (sealed || segment.number < verdict.good_segment) continue;
    if (segment.number == verdict.good_segment) {
      if (segment.scan.size <= verdict.good_length) continue;
      const std::uint64_t counted =
          verdict.end.sequence + 1 - segment.scan.header.header.first_sequence;
      verdict.dropped += std::max<std::uint64_t>(frames - counted, 1);
    } else {
      verdict.dropped += std::max<std::uint64_t>(frames, 1);
    }
    verdict.torn = true;
  }
}

Result<LogVerdict> LogHistory::judge(std::uint64_t durable) && {
  if (auto error = unsupported()) return *std::move(error);
  mark_live();
  LogVerdict verdict;
  verdict.end = {
      .sequence = start_.sequence, .next_segment = start_.first_segment, .chain = start_.chain};
  if (auto error = follow(verdict)) return *std::move(error);
  std::uint64_t later = 0;
  for (const Segment& segment : segments_) {
    verdict.end.next_segment = std::max(verdict.end.next_segment, segment.number + 1);
    durable = std::max(durable, segment.scan.durable_upto);
    if (segment.scan.header.state == HeaderState::Valid) ++verdict.readable_segments;
    if (segment.number >= verdict.good_segment) later += segment.scan.size;
  }
  if (durable > verdict.end.sequence) {
    // Bytes past the end mean damage; no bytes mean that something was taken away.
    const bool bytes_left = segments_.size() > followed_ || later > verdict.good_length;
    return Error{bytes_left ? ErrorCode::Corrupt : ErrorCode::DataLoss,
                 "the log was durable up to sequence " + std::to_string(durable) +
                     " and can be read up to " + std::to_string(verdict.end.sequence)};
  }
  verdict.durable = durable;
  find_tear(verdict);
  return verdict;
}

}  // namespace corsac::storage

#include "storage/log_writer.h"

#include <algorithm>
#include <cassert>

#include "collection/operation.h"
#include "storage/blob_names.h"

namespace corsac::storage {
namespace {

// An effect takes frames until it would pass this.
constexpr std::size_t kEffectBytes = kMaxFrameBytes;

Checksum128 derive_salt(const LogIdentity& identity, std::uint64_t segment) {
  ByteWriter source;
  source.append(identity.entropy);
  source.append(identity.store);
  source.put(identity.collection);
  source.put(identity.epoch);
  source.put(segment);
  return checksum128(source.view());
}

}  // namespace

Bytes encode_segment_header(const SegmentHeader& header) {
  ByteWriter out;
  out.append(std::as_bytes(std::span(kSegmentMagic)));
  out.put(kLogMajor);
  out.put(kLogMinor);
  out.put(std::uint32_t{0});
  out.append(header.store);
  out.put(header.number);
  out.put(header.epoch);
  out.put(header.salt.low);
  out.put(header.salt.high);
  out.put(header.first_sequence);
  out.put(header.chain.low);
  out.put(header.chain.high);
  out.put(checksum64(out.view()));
  assert(out.size() == kSegmentHeaderBytes);
  return std::move(out).take();
}

LogWriter::LogWriter(const LogIdentity& identity, const LogEnd& end, std::uint64_t segment_bytes)
    : identity_(identity),
      first_chain_(end.chain),
      segment_bytes_(segment_bytes),
      next_segment_(end.next_segment) {
  stored_.sequence = end.sequence;
}

Checksum128 LogWriter::chain_after(const Position& position) const {
  if (position.segment == 0) return first_chain_;
  return position.has_frames ? chain_of(position.header_bytes, position.last_checksum)
                             : position.header.chain;
}

Checksum128 LogWriter::chain() const {
  assert(!outstanding_);
  return chain_after(stored_);
}

void LogWriter::open_segment(std::vector<Effect>& out) {
  const Checksum128 chain = chain_after(written_);
  written_.segment = next_segment_++;
  written_.header = {.store = identity_.store,
                     .number = written_.segment,
                     .epoch = identity_.epoch,
                     .salt = derive_salt(identity_, written_.segment),
                     .first_sequence = written_.sequence + 1,
                     .chain = chain};
  written_.header_bytes = encode_segment_header(written_.header);
  written_.has_frames = false;
  written_.length = written_.header_bytes.size();
  out.push_back({EffectKind::Put, segment_name(identity_.collection, written_.segment), 0,
                 written_.header_bytes});
  rotate_ = false;
}

void LogWriter::begin(std::vector<Effect>& out, bool need_segment) {
  assert(!outstanding_);
  outstanding_ = true;
  written_ = stored_;
  const bool full = written_.segment != 0 && written_.length >= segment_bytes_;
  if (full && !rotate_) put_frame(out, FrameType::Seal, 0, {}, {});
  if (full || rotate_ || need_segment) open_segment(out);
}

void LogWriter::put_frame(std::vector<Effect>& out, FrameType type, std::uint8_t flags,
                          ByteView head, ByteView payload) {
  const std::size_t length = head.size() + payload.size();
  assert(length <= kMaxFramePayload);
  ByteWriter frame;
  frame.put(written_.header.tag());
  frame.put(static_cast<std::uint32_t>(length));
  frame.put(++written_.sequence);
  frame.put(durable_);
  frame.put(type);
  frame.put(flags);
  frame.put(collection::kOperationVersion);
  frame.put(std::uint32_t{0});
  frame.put(std::uint64_t{0});  // the checksum, once the rest is there
  frame.append(head);
  frame.append(payload);
  const ByteView whole = frame.view();
  written_.last_checksum = checksum64(whole.first(frame_field::kChecksum),
                                      whole.subspan(kFrameHeaderBytes), written_.header.salt.low);
  written_.has_frames = true;
  frame.overwrite(frame_field::kChecksum, written_.last_checksum);
  frame.pad_to(kFrameAlignment);
  const bool joins = !out.empty() &&
                     out.back().name == segment_name(identity_.collection, written_.segment) &&
                     out.back().bytes.size() + frame.size() <= kEffectBytes;
  if (!joins) {
    out.push_back({EffectKind::Append,
                   segment_name(identity_.collection, written_.segment),
                   written_.length,
                   {}});
  }
  Bytes& into = out.back().bytes;
  into.insert(into.end(), frame.view().begin(), frame.view().end());
  written_.length += frame.size();
}

void LogWriter::put_record(std::vector<Effect>& out, const LogRecord& record) {
  ByteWriter id;
  id.put(record.client);
  id.put(record.number);
  ByteView head = id.view();
  ByteView rest = record.operation;
  std::uint8_t flags = frame_flag::kBatchBegin;
  do {
    const ByteView piece = rest.first(std::min(rest.size(), kMaxFramePayload - head.size()));
    rest = rest.subspan(piece.size());
    if (rest.empty()) flags |= frame_flag::kBatchEnd;
    put_frame(out, FrameType::Data, flags, head, piece);
    head = {};
    flags = 0;
  } while (!rest.empty());
}

std::vector<Effect> LogWriter::write(std::span<const LogRecord> records) {
  assert(!records.empty());
  std::vector<Effect> out;
  begin(out, false);
  for (const LogRecord& record : records) put_record(out, record);
  return out;
}

std::vector<Effect> LogWriter::write_marker(FrameType type) {
  std::vector<Effect> out;
  begin(out, false);
  put_frame(out, type, 0, {}, {});
  return out;
}

std::vector<Effect> LogWriter::start_segment() {
  std::vector<Effect> out;
  begin(out, true);
  return out;
}

void LogWriter::stored() {
  assert(outstanding_);
  outstanding_ = false;
  stored_ = std::move(written_);
}

void LogWriter::failed() {
  assert(outstanding_);
  outstanding_ = false;
  rotate_ = true;
}

void LogWriter::set_durable(std::uint64_t sequence) noexcept {
  durable_ = std::max(durable_, sequence);
}

}  // namespace corsac::storage

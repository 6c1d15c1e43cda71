// What is appended to the log? Operations become frames, frames become effects. A write is
// outstanding until the host says how it went; a failed one is followed by a new segment, whose
// header says which sequence it continues from, so that whatever the failure left behind is never
// read.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/effect.h"
#include "storage/log_format.h"

namespace corsac::storage {

/// One user call as it is logged.
struct LogRecord {
  std::uint64_t client = 0;
  std::uint64_t number = 0;
  Bytes operation;
};

/// Where the log stands, and what the next segment must say of it.
struct LogEnd {
  std::uint64_t sequence = 0;      ///< of the last frame
  std::uint64_t next_segment = 1;  ///< never used before
  Checksum128 chain;
};

struct LogIdentity {
  Uuid store{};
  std::uint32_t collection = 0;
  std::uint64_t epoch = 0;
  Uuid entropy{};  ///< salts are derived from it
};

class LogWriter {
 public:
  /// The first write starts a segment.
  LogWriter(const LogIdentity& identity, const LogEnd& end, std::uint64_t segment_bytes);

  /// The frames of `records`, each one batch. Requires: nothing is outstanding, records are not
  /// empty.
  std::vector<Effect> write(std::span<const LogRecord> records);
  /// One frame without payload, outside of any batch. Requires: nothing is outstanding.
  std::vector<Effect> write_marker(FrameType type);
  /// Only the header of a new segment. Requires: nothing is outstanding.
  std::vector<Effect> start_segment();

  void stored();
  void failed();
  bool outstanding() const noexcept { return outstanding_; }
  /// Everything up to and including `sequence` is durable: later frames say so.
  void set_durable(std::uint64_t sequence) noexcept;
  /// The next write starts a new segment.
  void rotate() noexcept { rotate_ = true; }

  std::uint64_t sequence() const noexcept { return stored_.sequence; }
  /// With the outstanding write.
  std::uint64_t written_sequence() const noexcept {
    return outstanding_ ? written_.sequence : stored_.sequence;
  }
  std::uint64_t durable() const noexcept { return durable_; }
  std::uint64_t segment() const noexcept { return stored_.segment; }
  std::uint64_t next_segment() const noexcept { return next_segment_; }
  std::uint64_t segment_length() const noexcept { return stored_.length; }
  /// What the next segment would carry. Requires: nothing is outstanding.
  Checksum128 chain() const;

 private:
  struct Position {
    std::uint64_t sequence = 0;
    std::uint64_t segment = 0;  // 0: none was started
    std::uint64_t length = 0;
    std::uint64_t last_checksum = 0;
    bool has_frames = false;
    SegmentHeader header;
    Bytes header_bytes;
  };

  Checksum128 chain_after(const Position& position) const;
  void begin(std::vector<Effect>& out, bool need_segment);
  void open_segment(std::vector<Effect>& out);
  void put_record(std::vector<Effect>& out, const LogRecord& record);
  void put_frame(std::vector<Effect>& out, FrameType type, std::uint8_t flags, ByteView head,
                 ByteView payload);

  LogIdentity identity_;
  Checksum128 first_chain_;  // of the first segment this writer starts
  std::uint64_t segment_bytes_;
  std::uint64_t next_segment_;
  std::uint64_t durable_ = 0;
  Position stored_;   // as the host knows it
  Position written_;  // with the outstanding write
  bool rotate_ = true;
  bool outstanding_ = false;
};

/// The 96 bytes of a header.
Bytes encode_segment_header(const SegmentHeader& header);

}  // namespace corsac::storage

// What happened since a snapshot? Segments are read in order and judged together: which frames
// count, whether the end was merely torn by a crash, or whether acknowledged data is damaged.
//
//   - A segment's first sequence cuts every earlier segment there: what a failed or lost write left
//   behind is dead.
//   - The history ends at the last complete batch before the first gap, invalid frame or broken
//   chain.
//   - Any valid frame, or the root, that claims a later sequence to be durable makes the end
//   damage, not a tear.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "storage/log_reader.h"
#include "storage/log_writer.h"

namespace corsac::storage {

/// Where a snapshot stands in the log.
struct LogStart {
  std::uint64_t sequence = 0;       ///< the last that the snapshot contains
  std::uint64_t first_segment = 1;  ///< the first that it does not need
  Checksum128 chain;                ///< what that segment's header must carry
};

/// Frames past `sequence` in segments up to `segment` are dead.
struct LogSeal {
  std::uint64_t segment = 0;
  std::uint64_t sequence = 0;
};

struct LoggedOperation {
  std::uint64_t sequence = 0;  ///< of its last frame
  std::uint64_t client = 0;
  std::uint64_t number = 0;
  Bytes bytes;
};

struct LogVerdict {
  LogEnd end;
  std::vector<LoggedOperation> operations;
  std::uint64_t bytes = 0;              ///< of the segments read
  std::uint64_t segments = 0;           ///< that count
  std::uint64_t readable_segments = 0;  ///< whose header is valid, also where they do not count
  std::uint64_t dropped = 0;  ///< frames cut from a torn tail, an incomplete one counting as one
  std::uint64_t good_segment = 0, good_length = 0;  ///< where the history ends; 0 without segments
  std::uint64_t durable = 0;  ///< the highest sequence that anything claims to be durable
  bool torn = false;
};

class LogHistory {
 public:
  LogHistory(const LogStart& start, const Uuid& store, const std::optional<LogSeal>& seal);

  /// Segments from start.first_segment on, by ascending number.
  void add(std::uint64_t number, Bytes bytes);
  /// `durable`: what the root knows to be durable. Fails with: Corrupt, DataLoss,
  /// UnsupportedFormat.
  Result<LogVerdict> judge(std::uint64_t durable) &&;

 private:
  struct Segment {
    std::uint64_t number = 0;
    Bytes bytes;
    SegmentScan scan;
    std::uint64_t limit = 0;  // sequences from here on are dead
    bool live = false;
  };

  std::optional<Error> unsupported() const;
  void mark_live();
  std::optional<Error> follow(LogVerdict& verdict);
  std::optional<std::uint64_t> read_batches(Segment& segment, LogVerdict& verdict);
  void find_tear(LogVerdict& verdict) const;

  LogStart start_;
  Uuid store_;
  std::optional<LogSeal> seal_;
  std::vector<Segment> segments_;
  std::size_t followed_ = 0;  // segments_ below this were read or are dead
};

}  // namespace corsac::storage

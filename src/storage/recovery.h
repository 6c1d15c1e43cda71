// What survived? Reads roots, one snapshot and the log of a collection, newest first; a snapshot
// that is damaged gives way to the one before it, which loses nothing as long as its log is there.
// A log that reaches back to sequence 1 is the whole history and needs no snapshot. Nothing is
// written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/durable_collection.h"
#include "storage/log_history.h"
#include "storage/snapshot_reader.h"
#include "storage/tail_merge.h"

namespace corsac::storage {

/// What writing goes on from.
struct Recovered {
  std::vector<Root> roots;  ///< the readable ones, newest first; empty for a new collection
  Snapshot snapshot;        ///< the one that was loaded
  bool newest = true;       ///< it is the newest root's newest
  SnapshotSource source;
  std::vector<TailMerge> merges;  ///< for the next checkpoint
  LogVerdict log;
  BlobLengths blobs;
  OpenReport report;
};

class Recovery {
 public:
  Recovery(std::uint32_t collection, const Uuid& store, RootPair roots,
           const std::vector<BlobInfo>& blobs);

  std::optional<ReadRequest> next();
  void supply(ByteView bytes);
  void supply_missing();
  double progress() const noexcept;
  const OpenReport& report() const noexcept { return out_.report; }
  /// Requires: next() has nothing. Fails with: Corrupt, DataLoss, UnsupportedFormat.
  Result<Recovered> finish() &&;

 private:
  struct Candidate {
    Snapshot snapshot;
    bool newest = false;
    bool is_beginning = false;  ///< no snapshot: the whole log
  };

  void list_candidates(unsigned unreadable);
  Error no_root() const;
  void next_candidate();
  void reject(const Error& error);
  void begin_log();
  void next_segment();
  void note(Outcome outcome, const std::string& sentence);

  std::uint32_t collection_;
  Uuid store_;
  Recovered out_;
  std::vector<Candidate> candidates_;
  std::size_t candidate_ = 0;
  std::optional<SnapshotReader> snapshot_reader_;
  std::optional<TailMergeReader> merge_reader_;
  std::optional<LogHistory> history_;
  std::vector<std::uint64_t> segments_;  // to read
  std::size_t segment_ = 0;
  Bytes segment_bytes_;
  std::uint64_t durable_ = 0;
  bool only_log_ = false;  // no root was ever written, and nothing that would need one
  std::optional<Error> error_;
};

}  // namespace corsac::storage

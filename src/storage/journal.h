// How does a change become durable? The write side of a collection, without the collection: groups
// of operations go to the log, sets of changes become checkpoints, roots are switched, what no root
// needs is deleted. Bytes only; the host executes and reports.
//
//   - A root is written only in a strict batch, after everything that it names is durable.
//   - The beginning of the log is durable before the first root is written.
//   - A root seals the log behind it: after any attempt to write one the log goes on in a new
//   segment.
//   - What the newest durable root needs is never deleted, nor what a root may need whose writing
//   failed.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "storage/blob_ledger.h"
#include "storage/checkpoint_writer.h"
#include "storage/client_table.h"
#include "storage/durable_collection.h"
#include "storage/log_writer.h"
#include "storage/recovery.h"

namespace corsac::storage {

class Journal {
 public:
  /// `clients`: as of the end of the log.
  Journal(const LogIdentity& identity, const DurableOptions& options, Recovered&& recovered,
          ClientTable clients);

  // ---- groups: prepare* -> take_group -> stored or failed
  // -----------------------------------------
  /// Whether the call was applied or waits in the current group.
  bool knows(std::uint64_t client, std::uint64_t number) const;
  void prepare(LogRecord record);
  bool has_prepared() const noexcept { return !prepared_.empty(); }
  EffectBatch take_group(bool strict);
  /// The operations of the group, in order. Also confirms a flush.
  std::vector<LogRecord> group_stored(bool strict);
  void group_failed();
  /// Makes everything stored so far durable; after a failed group also writes the segment that cuts
  /// it off. Confirmed by batch_stored() or group_stored(true); unconfirmed, it counts as failed.
  EffectBatch flush();

  // ---- checkpoints
  // --------------------------------------------------------------------------------
  /// Where changes are collected, before begin_checkpoint.
  SectionSink& changes() noexcept { return changes_; }
  void begin_checkpoint();
  std::optional<EffectBatch> next_checkpoint_batch();
  void batch_stored();
  void checkpoint_failed();
  /// Why the last checkpoint ended early, when it was not the home's doing.
  const std::optional<Error>& checkpoint_error() const noexcept { return checkpoint_error_; }
  const CheckpointReport& checkpoint_report() const noexcept {
    return blob_writer_ ? blob_writer_->report() : report_;
  }
  /// How many succeeded in this session.
  std::uint64_t checkpoints() const noexcept { return checkpoints_; }
  EffectBatch close();

  // ---- where things are
  // ---------------------------------------------------------------------------
  std::optional<ReadRequest> locate(SectionId id, std::uint64_t offset, std::uint64_t length) const;
  ByteView unsaved(SectionId id, std::uint64_t offset, std::uint64_t length) const;
  std::optional<ReadRequest> locate_checked(SectionId id, std::uint64_t offset,
                                            std::uint64_t length) const;
  Result<Bytes> check(SectionId id, std::uint64_t offset, std::uint64_t length,
                      ByteView read) const;
  std::uint64_t sequence() const noexcept { return writer_.sequence(); }
  std::uint64_t log_bytes() const noexcept {
    return ledger_.segment_bytes(snapshots_.front().log.first_segment);
  }
  std::uint64_t log_segments() const noexcept {
    return ledger_.segment_count(snapshots_.front().log.first_segment);
  }
  std::uint64_t snapshot_bytes() const noexcept;
  std::uint64_t generation() const noexcept { return generation_; }

 private:
  enum class Phase : std::uint8_t { Idle, Anchor, Blobs, Switch, Deletes };
  enum class Outstanding : std::uint8_t { Nothing, Group, Flush, Close };

  /// A batch of the log and what its outcome will mean.
  struct LogBatch {
    Outstanding kind = Outstanding::Nothing;
    std::vector<BlobLedger::Touch> touches;
    std::optional<Root> root;
    bool strict = false;
    bool has_frames = false;
  };

  LogSeal log_end() const noexcept { return {writer_.next_segment() - 1, writer_.sequence()}; }
  Root make_root(std::vector<Snapshot> snapshots, const LogSeal& end) const;
  void root_stored(const Root& root);
  void root_failed(const Root& root);
  EffectBatch send(Outstanding kind, std::vector<Effect> effects, std::optional<Root> root,
                   bool strict);
  void settle_log(bool stored, bool strict);
  bool is_session_batch() const noexcept {
    return log_batch_.kind == Outstanding::Flush || log_batch_.kind == Outstanding::Close;
  }
  void forget_unconfirmed();
  void checkpoint_blobs(EffectBatch& batch);
  bool switch_root(EffectBatch& batch);
  void switched();

  LogIdentity identity_;
  DurableOptions options_;
  LogWriter writer_;
  ClientTable clients_;
  BlobLedger ledger_;

  std::uint64_t generation_ = 0;     // 0: no root was written yet
  std::vector<Snapshot> snapshots_;  // the base of the next checkpoint, then the one before it
  std::vector<TailMerge> merges_;
  PieceChecks checks_;
  std::map<SectionId, Checksum128> contents_;
  std::uint64_t next_blob_ = 1;
  std::uint64_t end_length_ = 0;
  bool has_segment_ = false;  // some segment of this log was written
  bool anchored_ = false;  // a root or the beginning of the log is durable: an unreadable root can
                           // be told from none
  bool seal_due_ = false;  // a torn tail is to be recorded
  bool cut_due_ = false;   // a failed group may have left frames behind
  bool wrote_ = false;     // since the last root of this session

  std::vector<LogRecord> prepared_;
  std::vector<LogRecord> taken_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> waiting_;  // calls prepared or taken
  LogBatch log_batch_;

  ChangeSet changes_;
  PieceChecks next_checks_;
  LogStart next_start_;
  LogSeal next_end_;
  std::optional<CheckpointWriter> blob_writer_;
  std::vector<BlobLedger::Touch> checkpoint_touches_;
  std::optional<Root> next_root_;
  Phase phase_ = Phase::Idle;
  CheckpointReport report_;
  std::uint64_t checkpoints_ = 0;
  std::optional<Error> checkpoint_error_;
};

}  // namespace corsac::storage

// How does a set of changes become blobs and a new snapshot? Tails are added to the newest blob of
// their section while it is small and ends where the root says; everything else becomes a new blob.
// Memory beyond the changes themselves stays within one batch.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "storage/change_set.h"
#include "storage/chunk_writer.h"
#include "storage/durable_collection.h"
#include "storage/piece_checks.h"
#include "storage/root.h"
#include "storage/tail_merge.h"

namespace corsac::storage {

/// A blob is not grown past this.
inline constexpr std::uint64_t kMaxGrownBytes = std::uint64_t{64} << 20;
/// Bytes of effects in one batch, but for the last effect.
inline constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

struct CheckpointInput {
  std::uint32_t collection = 0;
  const Snapshot& base;
  const ChangeSet& changes;
  const PieceChecks& checks;  ///< with the changes
  const std::vector<TailMerge>& merges;
  compress::Codec codec = compress::Codec::None;
  /// Length in the home of every blob that may grow.
  const std::map<std::uint64_t, std::uint64_t>& lengths;
  /// Of the delta arrays as they are stored: one that did not change is not written.
  const std::map<SectionId, Checksum128>& contents;
  std::uint64_t next_blob = 1;
};

class CheckpointWriter {
 public:
  /// Keeps views of input.changes until the last batch was taken.
  explicit CheckpointWriter(const CheckpointInput& input);

  /// The next effects, all of one section, so that a host can tell what each costs; empty when
  /// everything was handed out.
  std::vector<Effect> next();
  bool done() const noexcept { return job_ == jobs_.size(); }

  /// Requires: done(), for all of these.
  const std::vector<BlobRef>& blobs() const noexcept { return blobs_; }
  std::uint64_t next_blob() const noexcept { return next_blob_; }
  const std::map<SectionId, Checksum128>& contents() const noexcept { return contents_; }
  const CheckpointReport& report() const noexcept { return report_; }

 private:
  struct Job {
    std::uint64_t blob = 0;  // its number
    SectionId section;
    ByteView raw;
    ChunkWriter writer;
  };

  void plan(const CheckpointInput& input);
  void plan_merge(const TailMerge& merge);
  void plan_tail(const CheckpointInput& input, SectionId id, const ChangeSet::Change& change);
  void plan_delta(const CheckpointInput& input, SectionId id, const ChangeSet::Change& change);
  void plan_segments(SectionId id, const ChangeSet::Change& change);
  void add_job(BlobRef blob, ByteView raw);
  void erase(SectionId id);
  Effect next_effect(Job& job);
  void count(SectionId id, std::uint64_t raw, std::uint64_t stored);

  std::uint32_t collection_;
  const PieceChecks& checks_;
  compress::Codec codec_;
  std::uint64_t next_blob_;
  std::vector<BlobRef> blobs_;
  std::map<SectionId, Checksum128> contents_;
  std::vector<Job> jobs_;
  std::size_t job_ = 0;
  CheckpointReport report_;
};

}  // namespace corsac::storage

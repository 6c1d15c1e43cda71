// A collection that survives: the commit protocol without I/O. Every call returns what must be
// written or read; the host executes it and reports back. One write at a time passes through
//   prepare* -> take_group -> (host stores it) -> group_stored -> apply until done.
// docs/format.md draws the bytes; design rules: write-once blobs, one active log segment, A/B
// roots, a torn tail is dropped and reported, damage to acknowledged data is an error, derived data
// is never trusted unchecked.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collection/collection.h"
#include "compress/codec.h"
#include "storage/catalog.h"
#include "storage/effect.h"

namespace corsac::storage {

struct DurableOptions {
  std::uint32_t checkpoint_operations =
      10'000;  ///< documents written or removed since the last checkpoint
  std::uint64_t checkpoint_log_bytes = 100ull << 20;
  compress::Codec checkpoint_codec =
      compress::Codec::Lz4;  ///< of delta arrays and segments; codes and graph stay plain when it
                             ///< does not pay
  std::uint32_t keep = 2;    ///< generations kept, 1 or 2
  std::uint64_t segment_bytes = 16ull << 20;  ///< a log segment is closed past this
};

enum class Outcome : std::uint8_t { Clean = 0, Torn = 1, Rebuilt = 2, Degraded = 3 };

/// How opening went.
struct OpenReport {
  Outcome outcome = Outcome::Clean;
  std::uint64_t last_sequence = 0;
  std::uint64_t replayed = 0;  ///< operations
  std::uint64_t dropped = 0;   ///< unacknowledged frames cut from a torn tail
  std::string detail;          ///< one sentence when not clean
};

class DurableCollection;

/// Reads a collection back. `entropy` (16 bytes) salts the next log segment.
class Opening {
 public:
  /// `blobs`: every blob of this collection with its length. A collection without roots and blobs
  /// is new.
  Opening(const CatalogEntry& entry, const Uuid& store, std::uint64_t epoch,
          const DurableOptions& options, const Uuid& entropy, RootPair roots,
          std::vector<BlobInfo> blobs);
  ~Opening();
  Opening(Opening&&) noexcept;
  Opening& operator=(Opening&&) noexcept;

  /// The next bytes to read, or nothing when there are enough to step or finish.
  std::optional<ReadRequest> next();
  /// Takes what was asked for; fewer bytes than asked are damage, not a failure of the call.
  void supply(ByteView bytes);
  /// A read failed for good (the home says the blob is unreadable).
  void supply_missing();
  /// Replays the log in slices. True when done. Requires: next() has nothing.
  bool step(Budget& budget);
  double progress() const noexcept;  ///< 0..1
  /// Fails with: Corrupt, DataLoss, UnsupportedFormat. Nothing is written by opening; the first
  /// batch of the opened collection cleans up (starts a new segment, deletes blobs no root names).
  Result<std::unique_ptr<DurableCollection>> finish();
  const OpenReport& report() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct CheckpointReport {
  std::uint64_t raw_bytes = 0, stored_bytes = 0;
  struct Section {
    SectionId id;
    std::uint64_t raw_bytes, stored_bytes;
  };
  std::vector<Section> sections;
};

class DurableCollection {
 public:
  ~DurableCollection();

  collection::Collection& collection() noexcept;
  const OpenReport& report() const noexcept;

  // ---- writes ---------------------------------------------------------------------------------
  /// Validates an operation (see Collection::validate) and adds it to the current group.
  /// `client` and `number` identify the call for de-duplication; a number already applied is not
  /// added again and yields false.
  Result<bool> prepare(Bytes operation, std::uint64_t client, std::uint64_t number);
  /// The frames of everything prepared, as one batch. Empty when nothing was prepared.
  EffectBatch take_group(bool strict);
  /// The group is stored: its operations wait to be applied.
  void group_stored(bool strict);
  /// The group could not be stored: its operations never happened. The log goes on in a new
  /// segment.
  void group_failed();
  /// Applies stored operations. True when none is left. `affected` counts documents per finished
  /// operation, in order.
  bool apply(Budget& budget, std::vector<std::uint64_t>& affected);
  /// A flush of what was written relaxed: the batch makes everything so far durable (may be an
  /// empty strict batch). After group_failed() it also cuts off what the failed group left behind.
  /// Report it with batch_stored() or checkpoint_failed(), like close(); unreported, it counts as
  /// failed, which is safe.
  EffectBatch flush();

  // ---- checkpoint -----------------------------------------------------------------------------
  bool needs_checkpoint() const noexcept;
  /// Collects what changed. Requires: nothing is prepared, stored or being applied.
  void begin_checkpoint();
  /// The next batch; nothing when the checkpoint is complete. After a failure call
  /// checkpoint_failed(): the old root stands and blobs written so far are deleted by a later
  /// batch.
  std::optional<EffectBatch> next_checkpoint_batch();
  void batch_stored();
  void checkpoint_failed();
  /// Of the last checkpoint, or of the one under way as far as it came. A batch brings pieces of
  /// one section at most.
  const CheckpointReport& checkpoint_report() const noexcept;
  /// Why the last checkpoint ended without a new root although no batch failed.
  /// Fails with: OutOfMemory (the root would pass 64 KiB); the old root stands, the log goes on.
  Status checkpoint_status() const;
  /// The last batch of a session: a CLOSE frame and a clean root.
  EffectBatch close();

  // ---- where things are -----------------------------------------------------------------------
  /// Where a range of a non-resident section is stored; shorter than asked for when it goes on in
  /// another blob (ask again for the rest). Nothing when it is out of range or not stored yet: see
  /// unsaved().
  std::optional<ReadRequest> locate(SectionId id, std::uint64_t offset, std::uint64_t length) const;
  /// The bytes of a range that save() handed over and no finished checkpoint has stored: it is
  /// still in memory. Empty otherwise. Valid until the next call that is not const.
  ByteView unsaved(SectionId id, std::uint64_t offset, std::uint64_t length) const;
  /// Like locate(), widened to whole checksummed pieces; check() turns what was read into the range
  /// asked for (shorter where locate() is). Check fails with: Corrupt.
  std::optional<ReadRequest> locate_checked(SectionId id, std::uint64_t offset,
                                            std::uint64_t length) const;
  Result<Bytes> check(SectionId id, std::uint64_t offset, std::uint64_t length,
                      ByteView read) const;
  std::uint64_t log_bytes() const noexcept;
  std::uint64_t snapshot_bytes() const noexcept;
  std::uint64_t generation() const noexcept;

 private:
  friend class Opening;
  struct State;
  explicit DurableCollection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace corsac::storage

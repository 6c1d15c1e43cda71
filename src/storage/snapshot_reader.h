// What did a snapshot contain? Asks for its blobs, verifies them, and becomes the source that the
// components load from. Sections that are not resident are not read: that they exist, with their
// length, is enough.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/section.h"
#include "storage/blob_names.h"
#include "storage/chunk_reader.h"
#include "storage/effect.h"
#include "storage/piece_checks.h"
#include "storage/root.h"

namespace corsac::storage {

/// Bytes asked for at once.
inline constexpr std::uint64_t kReadBytes = std::uint64_t{4} << 20;

using BlobLengths = std::map<BlobKey, std::uint64_t>;

class SnapshotSource final : public SectionSource {
 public:
  ByteView section(SectionId id) const override;
  std::vector<SegmentView> segments(SectionId id) const override;
  std::uint64_t length(SectionId id) const override;

  const PieceChecks& checks() const noexcept { return checks_; }
  /// Of the delta arrays, for CheckpointInput::contents.
  std::map<SectionId, Checksum128> contents() const;

 private:
  friend class SnapshotReader;
  std::map<SectionId, Bytes> content_;
  std::map<SectionId, bool> is_delta_;
  std::map<SectionId, std::map<std::uint64_t, Bytes>> segments_;
  std::map<SectionId, std::uint64_t> lengths_;
  PieceChecks checks_;
};

class SnapshotReader {
 public:
  SnapshotReader(std::uint32_t collection, const Snapshot& snapshot);

  /// Every blob is there and long enough. Fails with: Corrupt, DataLoss.
  Status check_lengths(const BlobLengths& blobs) const;
  std::optional<ReadRequest> next() const;
  /// Fails with: Corrupt, UnsupportedFormat; the reader is then of no more use.
  Status supply(ByteView bytes);
  double progress() const noexcept;
  /// The piece checksums are those that the root names. Requires: next() has nothing. Fails with:
  /// Corrupt.
  Status check_pieces();
  const PieceChecks& checks() const noexcept { return source_.checks_; }
  /// Requires: check_pieces() was well.
  SnapshotSource take() && { return std::move(source_); }

 private:
  void skip_unread();
  Bytes& target(const BlobRef& blob);

  std::uint32_t collection_;
  const Snapshot& snapshot_;
  SnapshotSource source_;
  ChunkReader chunks_;
  std::size_t blob_ = 0;      // being read
  std::uint64_t at_ = 0;      // bytes of it that were read
  std::uint64_t before_ = 0;  // length of its target before it
};

}  // namespace corsac::storage

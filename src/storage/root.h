// What is a collection made of at one moment? Its snapshots and where the log stands: the commit
// point. Generation g lives in slot g mod 2, so a write never touches the slot of the generation
// before it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/section.h"
#include "compress/codec.h"
#include "storage/effect.h"
#include "storage/log_history.h"

namespace corsac::storage {

enum class BlobForm : std::uint8_t {
  Chunks = 0,  ///< see chunk_format.h
  Raw = 1,     ///< the section's own bytes, read by range; of sections that are not resident
};

/// One blob of a section, or the first `stored_bytes` of it: a blob of an append-only section can
/// grow.
struct BlobRef {
  SectionId section = SectionId::Meta;
  SectionKind kind = SectionKind::DeltaArray;
  compress::Codec codec =
      compress::Codec::None;  ///< the one asked for when any chunk is compressed
  BlobForm form = BlobForm::Chunks;
  std::uint64_t key = 0;  ///< of a segment
  std::uint64_t number = 0;
  std::uint64_t stored_bytes = 0;
  std::uint64_t raw_bytes = 0;
  Checksum128 chain;

  friend bool operator==(const BlobRef&, const BlobRef&) = default;
};

struct Snapshot {
  LogStart log;
  std::vector<BlobRef> blobs;  ///< those of one section in the order of their content

  std::uint64_t raw_bytes(SectionId id) const noexcept;
};

struct Root {
  Uuid store{};
  std::uint32_t collection = 0;
  std::uint64_t generation = 0;
  std::uint64_t epoch = 0;
  std::uint64_t next_blob = 1;  ///< numbers below were used
  std::uint64_t next_segment = 1;
  std::uint64_t durable = 0;     ///< the highest sequence known durable when this was written
  LogSeal end;                   ///< where the log stood: what follows in these segments is dead
  std::uint64_t end_length = 0;  ///< good bytes of the last segment that has any
  bool clean = false;
  std::vector<Snapshot> snapshots;  ///< newest first, 1 or 2
};

/// Fails with: OutOfMemory when it would pass 64 KiB (too many blobs).
Result<Bytes> encode_root(const Root& root);
/// Fails with: Corrupt, UnsupportedFormat.
Result<Root> decode_root(ByteView bytes, const Uuid& store, std::uint32_t collection);

/// The readable roots, newest first.
struct RootChoice {
  std::vector<Root> roots;
  unsigned unreadable = 0;  ///< slots that hold something else
};
/// Fails with: UnsupportedFormat (a slot of a newer version is never passed over).
Result<RootChoice> read_roots(const RootPair& pair, const Uuid& store, std::uint32_t collection);

/// The first 24 bytes of a root or catalog and its checksum: what stays the same in all versions.
/// Fails with: Corrupt, UnsupportedFormat. `flags` receives the field of that name.
Status check_frame_of_root(ByteView bytes, const std::array<std::uint8_t, 8>& magic,
                           std::size_t limit, std::uint16_t& flags);
/// Writes that prefix; close_root appends the checksum and fills in the length.
void open_root(ByteWriter& out, const std::array<std::uint8_t, 8>& magic, std::uint16_t flags,
               std::uint32_t features);
Bytes close_root(ByteWriter&& out);

}  // namespace corsac::storage

// What a component hands to a checkpoint and gets back at open, without knowing where bytes live.
// src/storage implements both faces; docs/format.md lists every section.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace corsac {

/// How a section changes from one checkpoint to the next; numbered for ever.
enum class SectionKind : std::uint8_t {
  AppendOnly = 1,  ///< Only bytes past what was saved before are written.
  DeltaArray = 2,  ///< Rows change in place: written anew, or changes are added (base/patched.h).
  Segment = 3,     ///< Written once under a key, later dropped or kept.
};

/// Every section of a collection; numbered for ever.
enum class SectionId : std::uint16_t {
  Meta = 1,            ///< delta: counters and state of the collection
  Ids = 2,             ///< append-only: external ids by ordinal
  Deleted = 3,         ///< delta: bitmap over ordinals
  Slots = 4,           ///< append-only: ordinal -> first slot, slot count
  Documents = 5,       ///< append-only, not resident: compressed blocks of content and metadata
  DocumentBlocks = 6,  ///< append-only: where each block starts
  Originals = 7,       ///< append-only, not resident: vectors as given, f32
  Codes = 8,           ///< append-only: traversal codes
  CodePlanes = 9,      ///< append-only: low-bit planes
  CodeHeaders = 10,    ///< append-only: 16-byte headers
  Graph = 11,          ///< delta: links
  IndexMeta = 12,      ///< delta: kind, entry point, levels, removed slots
  TextSegments = 13,   ///< segments: postings
  TextMeta = 14,       ///< delta: segment list, deletes, statistics
  Columns = 15,        ///< delta: numeric columns and dictionaries of the filter
  Clients = 16,        ///< delta: client operation numbers already applied
  Checks = 17,  ///< delta: checksums of the pieces of what is not resident; written by src/storage
                ///< itself
  RerankCodes = 19,  ///< append-only: what rescores the candidates of a coarser codec
  Codebook = 20,     ///< delta: what a codec learnt from a sample
};

/// Whether search needs the section in memory. The others are read by range when asked for.
constexpr bool is_resident(SectionId id) noexcept {
  return id != SectionId::Documents && id != SectionId::Originals;
}

struct SegmentView {
  std::uint64_t key;
  ByteView bytes;
};

/// Receives what changed since the last save. Bytes are copied before a call returns.
class SectionSink {
 public:
  virtual ~SectionSink() = default;

  /// Adds `tail` to the end of an append-only section. An empty tail changes nothing.
  virtual void append(SectionId id, ByteView tail) = 0;
  /// The whole new content of a delta array.
  virtual void replace(SectionId id, ByteView content) = 0;
  /// Adds changes to the end of a delta array. Requires: it was replaced before, or loaded.
  virtual void patch(SectionId id, ByteView changes) = 0;
  /// A new immutable segment. Requires: the key was never used in this section before.
  virtual void add_segment(SectionId id, std::uint64_t key, ByteView content) = 0;
  virtual void drop_segment(SectionId id, std::uint64_t key) = 0;
  /// Forgets the content of a section of any kind, so that it can be written from the start
  /// (after compaction or a change of the index kind).
  virtual void restart(SectionId id) = 0;
};

/// Gives back what was saved; the views live as long as the source. Absent sections are empty.
class SectionSource {
 public:
  virtual ~SectionSource() = default;

  /// All bytes of a resident append-only section or delta array.
  virtual ByteView section(SectionId id) const = 0;
  /// The live segments, by ascending key.
  virtual std::vector<SegmentView> segments(SectionId id) const = 0;
  /// Length in bytes of any section, resident or not.
  virtual std::uint64_t length(SectionId id) const = 0;
};

}  // namespace corsac

// Where is each sealed block, and what must its bytes be? SectionId::DocumentBlocks: a header of 8
// bytes, then 40 bytes a block, in the order of their first ordinal.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/types.h"
#include "compress/codec.h"

namespace corsac::document {

/// Stored as it stands.
struct BlockEntry {
  std::uint64_t offset = 0;    ///< into SectionId::Documents
  std::uint64_t checksum = 0;  ///< checksum64 of the stored bytes
  std::uint32_t stored_length = 0;
  std::uint32_t raw_length = 0;
  Ordinal first = 0;
  std::uint32_t count = 0;
  std::uint32_t codec = 0;
  std::uint32_t reserved = 0;

  friend bool operator==(const BlockEntry&, const BlockEntry&) = default;
};
static_assert(sizeof(BlockEntry) == 40 && std::has_unique_object_representations_v<BlockEntry>);

class BlockTable {
 public:
  /// Reads the section. Blocks follow one another without gaps, in bytes and in ordinals, and end
  /// at `documents_length`. Fails with: Corrupt, UnsupportedFormat for a newer version or codec.
  static Result<BlockTable> parse(ByteView section, std::uint64_t documents_length);

  /// Places the block behind the last one: sets its offset and first ordinal. Requires: count > 0.
  void append(BlockEntry entry);

  std::size_t size() const noexcept { return entries_.size(); }
  const BlockEntry& operator[](std::size_t block) const noexcept { return entries_[block]; }
  /// Documents in all blocks.
  Ordinal documents() const noexcept;
  std::uint64_t stored_bytes() const noexcept;
  /// The block that holds the ordinal. Requires: ordinal < documents().
  std::uint32_t block_of(Ordinal ordinal) const noexcept;

  /// What the section gains when blocks [from, size()) are new; the header goes before the first.
  Bytes tail(std::size_t from) const;

 private:
  std::vector<BlockEntry> entries_;
};

}  // namespace corsac::document

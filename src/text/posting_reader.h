// Which documents hold a term, and how often? Hands out a posting list 128 postings at a time,
// whether it still grows in memory (mutable_segment.h) or is packed (packed_postings.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace corsac::text {

inline constexpr std::uint32_t kBlockSize = 128;

/// `document` counts from the first ordinal of the segment.
struct Posting {
  std::uint32_t document;
  std::uint32_t frequency;
};

/// What the reader fills: documents ascend strictly across blocks and are below the segment's span.
struct PostingBlock {
  alignas(16) std::uint32_t documents[kBlockSize];
  alignas(16) std::uint32_t frequencies[kBlockSize];  ///< once read_frequencies() was called
  std::uint32_t count = 0;
  std::uint32_t packed_bits = 0;
  const std::byte* packed = nullptr;  ///< frequencies that are not unpacked yet
};

/// Unpacks the block's frequencies unless that was done: whoever looks for documents need not.
void read_frequencies(PostingBlock& block) noexcept;

/// A list that grows: chunks of a pool, each ending in a link {start, size} to the next.
struct GrowingList {
  std::uint32_t first = 0;
  std::uint32_t first_size = 0;
  std::uint32_t count = 0;
};

class PostingReader {
 public:
  PostingReader() = default;
  PostingReader(const GrowingList& list, const Posting* pool) noexcept
      : count_(list.count),
        left_(list.count),
        pool_(pool),
        at_(list.first),
        link_(list.first + list.first_size - 1) {}
  /// `bytes` as packed_postings.h lays them out; damage ends the list early.
  PostingReader(ByteView bytes, std::uint32_t count, std::uint32_t span) noexcept;

  /// False, and an empty block, at the end.
  bool next(PostingBlock& block) noexcept {
    const bool more = next_documents(block);
    read_frequencies(block);
    return more;
  }
  /// As next(), without the frequencies.
  bool next_documents(PostingBlock& block) noexcept;
  /// Lets next() leave out blocks all of whose documents are below `document`.
  void skip_to(std::uint32_t document) noexcept;
  /// Leaves out the next block. Requires: next_block() < block_count().
  void skip_block() noexcept;

  bool is_growing() const noexcept { return pool_ != nullptr; }
  /// Number of the block that next() would hand out.
  std::uint32_t next_block() const noexcept {
    return (count_ - left_ + kBlockSize - 1) / kBlockSize;
  }
  /// Blocks that the directory describes (packed_postings.h); 0 without one.
  std::uint32_t block_count() const noexcept { return is_growing() ? 0 : link_; }
  ByteView directory() const noexcept { return bytes_; }

 private:
  void next_growing(PostingBlock& block) noexcept;
  void next_packed(PostingBlock& block) noexcept;

  std::uint32_t count_ = 0;        // Postings of the list.
  std::uint32_t left_ = 0;         // Postings not handed out yet.
  const Posting* pool_ = nullptr;  // Null: packed.
  std::uint32_t at_ = 0;           // Growing: the next posting. Packed: the next block.
  std::uint32_t link_ = 0;         // Growing: where this chunk's link is.
  ByteView bytes_;
  std::uint32_t span_ = 0;
};

}  // namespace corsac::text

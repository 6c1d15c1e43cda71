// Where are a term's postings? Sorted terms in blocks of 16, each term stored as what differs from
// the one before; searched in place. docs/text.md draws it.
//
//   block   := varint offset of the first term's postings, with positions: varint offset of those,
//              then 1 to 16 entries
//   entry   := varint bytes shared with the term before (0 first), varint length, bytes of the
//   rest,
//              varint documents, varint bytes of postings, with positions: varint bytes of those
//   offsets := u32 per block: where it starts
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace corsac::text {

inline constexpr std::uint32_t kTermsPerBlock = 16;

struct TermEntry {
  std::uint32_t documents = 0;  ///< 0: no such term
  std::uint64_t posting_offset = 0;
  std::uint64_t posting_bytes = 0;
  std::uint64_t position_offset = 0;
  std::uint64_t position_bytes = 0;
};

class DictionaryWriter {
 public:
  explicit DictionaryWriter(bool has_positions = false) noexcept : has_positions_(has_positions) {}

  /// Requires: terms ascend strictly by bytes.
  void add(std::string_view term, std::uint32_t documents, std::uint64_t posting_bytes,
           std::uint64_t position_bytes = 0);

  std::uint32_t term_count() const noexcept { return term_count_; }
  ByteView offsets() const noexcept { return offsets_.view(); }
  ByteView blocks() const noexcept { return blocks_.view(); }

 private:
  bool has_positions_;
  ByteWriter offsets_;
  ByteWriter blocks_;
  std::string last_;
  std::uint32_t term_count_ = 0;
  std::uint64_t posting_offset_ = 0;
  std::uint64_t position_offset_ = 0;
};

/// Reads terms in order. Damaged bytes end it early.
class TermCursor {
 public:
  /// Over the terms from number `at` on, the first of a block; `blocks` starts with that block.
  TermCursor(ByteView blocks, std::uint32_t at, std::uint32_t count, bool has_positions) noexcept
      : byte_(blocks.data()),
        end_(blocks.data() + blocks.size()),
        at_(at),
        count_(count),
        has_positions_(has_positions) {}

  bool next();
  /// To the first later term that is not below `term`, without making those between. Requires: the
  /// current one is below it.
  bool seek(std::string_view term);
  std::string_view term() const noexcept { return term_; }
  const TermEntry& entry() const noexcept { return entry_; }
  /// The block of the current term.
  std::uint32_t block() const noexcept { return at_ == 0 ? 0 : (at_ - 1) / kTermsPerBlock; }

 private:
  bool read(std::size_t& shared, std::string_view& rest);
  bool end() noexcept;
  std::uint64_t varint() noexcept {
    constexpr std::byte kMore{0x80};
    return byte_ != end_ && *byte_ < kMore ? static_cast<std::uint64_t>(*byte_++) : long_varint();
  }
  std::uint64_t long_varint() noexcept;

  const std::byte* byte_;
  const std::byte* end_;
  std::uint32_t at_;     // Number of the next term.
  std::uint32_t count_;  // Terms of the dictionary.
  bool has_positions_;
  bool ok_ = true;
  std::string term_;
  TermEntry entry_;
};

class Dictionary {
 public:
  Dictionary() = default;
  /// Requires: offsets.size() == 4 ceil(term_count / 16). The bytes must outlive this.
  Dictionary(ByteView offsets, ByteView blocks, std::uint32_t term_count,
             bool has_positions = false);

  TermEntry find(std::string_view term) const;
  /// The last block, from `from` on, whose first term is not above `term`; else `from`.
  std::uint32_t block_of(std::string_view term, std::uint32_t from) const noexcept;
  TermCursor cursor_at(std::uint32_t block) const noexcept;
  TermCursor begin() const noexcept { return cursor_at(0); }

 private:
  std::uint32_t block_count() const noexcept {
    return (term_count_ + kTermsPerBlock - 1) / kTermsPerBlock;
  }
  ByteView from_block(std::uint32_t block) const noexcept;
  std::string_view first_term(std::uint32_t block) const noexcept;

  ByteView offsets_;
  ByteView blocks_;
  std::uint32_t term_count_ = 0;
  bool has_positions_ = false;
  std::vector<std::uint64_t> keys_;  // [blocks] the start of each first term, as it is compared.
};

}  // namespace corsac::text

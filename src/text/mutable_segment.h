// Where do new documents go? A segment in memory that grows posting by posting until it is sealed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/bitset.h"
#include "text/analysis.h"
#include "text/growing_positions.h"
#include "text/positions.h"
#include "text/segment.h"
#include "text/term_table.h"

namespace corsac::text {

class MutableSegment final : public Segment {
 public:
  explicit MutableSegment(bool has_positions = false, std::uint32_t fields = 0)
      : has_positions_(has_positions), fields_(1 + fields) {}

  /// The first document gives the segment its first ordinal. Requires: ordinal >= first() + span().
  void add(Ordinal ordinal, std::span<const FieldText> texts, const Analysis& analysis);

  Ordinal first() const noexcept override { return first_; }
  std::uint32_t span() const noexcept override {
    return static_cast<std::uint32_t>(fields_.front().lengths.size());
  }
  Statistics statistics(std::uint32_t field) const noexcept override {
    return field < fields_.size() ? fields_[field].statistics : Statistics{};
  }
  LengthView lengths(std::uint32_t field) const noexcept override {
    return LengthView(fields_[field].lengths.data());
  }
  std::uint32_t fields() const noexcept override {
    return static_cast<std::uint32_t>(fields_.size() - 1);
  }
  const Bitset& present() const noexcept override { return present_; }
  TermPostings find(std::string_view term) const override;
  bool has_positions() const noexcept override { return has_positions_; }
  ByteView positions(std::string_view term, Bytes& scratch) const override;
  std::unique_ptr<TermStream> terms() const override;

  std::uint64_t posting_count() const noexcept { return posting_count_; }
  std::string_view term(std::uint32_t id) const noexcept { return terms_[id]; }
  TermPostings postings(std::uint32_t id) const noexcept;
  std::uint64_t dictionary_bytes() const noexcept;
  std::uint64_t posting_bytes() const noexcept { return pool_.capacity() * sizeof(Posting); }
  std::uint64_t position_bytes() const noexcept { return positions_.memory_bytes(); }
  /// Appends the varints of the term's positions.
  void append_positions(std::uint32_t id, Bytes& out) const {
    positions_.copy(lists_[id].positions, out);
  }

 private:
  struct List {
    GrowingList chunks;
    std::uint32_t tail = 0;                 // Where the next posting goes.
    std::uint32_t link = 0;                 // The last slot of the last chunk.
    std::uint32_t last = TermTable::kNone;  // The last posting's document.
    std::uint32_t last_position = 0;        // In that document.
    GrowingPositions::List positions;
  };

  struct Field {
    Statistics statistics;
    std::vector<std::uint16_t> lengths;  // [span]
  };

  /// The tokens that count.
  std::uint32_t add_text(std::uint32_t document, const FieldText& text, PositionCounter& positions,
                         const Analysis& analysis);
  std::uint32_t term_of(std::string_view token, TokenKind kind, std::uint32_t field,
                        const Analysis& analysis);
  /// Term numbers in byte order of the terms.
  const std::vector<std::uint32_t>& sorted_terms() const;
  void count(std::uint32_t term, std::uint32_t document, std::uint32_t position);
  void extend(List& list);

  bool has_positions_;
  Ordinal first_ = 0;
  Bitset present_;
  std::vector<Field> fields_;  // The content first.
  TermTable terms_;
  std::vector<List> lists_;  // [terms]
  std::vector<Posting> pool_;
  GrowingPositions positions_;
  std::uint64_t posting_count_ = 0;

  // Tokens as spelled in the text, so that a spelling is folded and stemmed once, not at each
  // occurrence.
  TermTable spellings_;
  std::vector<std::uint32_t> term_of_spelling_;  // TermTable::kNone: dropped.
  std::vector<Token> tokens_;                    // Scratch.
  std::string spelling_;                         // Scratch: with its field.
  mutable std::vector<std::uint32_t> sorted_;    // Brought up to date when asked for.
};

}  // namespace corsac::text

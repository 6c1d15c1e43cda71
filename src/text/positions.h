// Where in their documents do words stand? A stream of varints beside the postings: for each
// posting in order, as many positions as its frequency, each as the distance to the one before (the
// first to 0). A list of more than 128 postings begins with u32{blocks - 1}: where each later block
// of postings starts.
//
// Tokens that count are numbered from 0; a part, an address or a pair has the number of the last
// one before it or around it. A dropped stop word keeps its number, so a phrase has a gap there
// too.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "text/posting_reader.h"
#include "text/tokenizer.h"

namespace corsac::text {

class PositionCounter {
 public:
  std::uint32_t next(TokenKind kind) noexcept {
    if (counts(kind)) return at_++;
    return at_ == 0 ? 0 : at_ - 1;
  }
  /// Between the texts of a field, so that no phrase spans two of them.
  void leave_gap() noexcept {
    constexpr std::uint32_t kGap = 1000;
    at_ += kGap;
  }

 private:
  std::uint32_t at_ = 0;
};

/// Appends the stored form of one list's varints.
void append_positions(Bytes& out, std::span<const Posting> postings, ByteView varints);

/// The varints of a stored form.
ByteView position_varints(ByteView stored, std::uint32_t documents) noexcept;

/// Appends to `out` the varints of those postings that are kept. Damaged ones end early.
void copy_positions(ByteView varints, std::span<const Posting> postings,
                    const std::vector<bool>& kept, Bytes& out);

/// Hands out the positions of one posting after another, by ascending block and place in it.
class PositionReader {
 public:
  PositionReader() = default;
  PositionReader(ByteView stored, std::uint32_t documents) noexcept;

  /// Replaces `positions` by those of the posting at `index` of `block`, whose postings have these
  /// frequencies.
  void read(std::uint32_t block, const std::uint32_t* frequencies, std::uint32_t index,
            std::vector<std::uint32_t>& positions);

 private:
  ByteView starts_, varints_;
  std::uint32_t block_ = 0;
  std::uint32_t index_ = 0;  // Of the posting at at_.
  std::size_t at_ = 0;
};

}  // namespace corsac::text

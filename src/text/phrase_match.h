// In which documents do words stand together, and how well? A match takes one place of each word;
// shifted back by its offset in the phrase, all of them may spread over at most `slop` places. It
// counts 1 / (1 + spread), the sum is the phrase's frequency, and its weight is the sum of its
// words' weights (as in Lucene).
#pragma once

#include <cstdint>
#include <span>

#include "text/positions.h"
#include "text/query_plan.h"
#include "text/scored_cursor.h"

namespace corsac::text {

class PhraseMatch {
 public:
  /// The words must outlive this.
  PhraseMatch(std::span<const PhraseList> words, std::uint32_t slop, float weight, LengthNorm norm,
              LengthView lengths);

  /// The next document, from `document` on, that has all words and could score above `bar`;
  /// ScoredCursor::kEnd without one.
  std::uint32_t next(std::uint32_t document, float bar);
  /// Its score; 0 when the words do not stand together, or it could not pass the bar of next().
  float score();
  std::uint64_t examined() const noexcept;

 private:
  bool passes_unread(std::uint32_t& document);

  std::vector<ScoredCursor> cursors_;
  std::vector<PositionReader> readers_;
  std::vector<std::uint32_t> shifts_;
  std::vector<std::vector<std::uint32_t>> places_;
  std::vector<std::size_t> at_;  // Scratch.
  std::size_t rarest_ = 0;
  std::uint32_t slop_;
  float weight_;
  LengthNorm norm_;
  LengthView lengths_;
  Slack slack_{1};
  float bar_ = 0;
  std::uint32_t document_ = 0;
  float bound_ = 0;  // Of documents up to last_.
  std::uint32_t last_ = 0;
  bool bounded_ = false;
};

/// The frequency that places make, each list ascending and shifted. `at` is scratch.
float phrase_frequency(std::span<const std::vector<std::uint32_t>> places, std::uint32_t slop,
                       std::vector<std::size_t>& at);

}  // namespace corsac::text

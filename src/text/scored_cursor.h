// One term's postings with their share of the score, block by block.
#pragma once

#include <cstdint>

#include "text/segment.h"

namespace corsac::text {

class ScoredCursor {
 public:
  static constexpr std::uint32_t kEnd = 0xFFFFFFFF;

  ScoredCursor(const TermPostings& postings, float weight, LengthNorm norm,
               LengthView lengths) noexcept;

  /// The current document, or kEnd.
  std::uint32_t document() const noexcept {
    return at_ < block_.count ? block_.documents[at_] : kEnd;
  }
  /// Requires: document() != kEnd.
  float score() const noexcept { return scores_[at_]; }

  /// To the first document that is not below `document`.
  void seek(std::uint32_t document) noexcept;
  /// Adds each document's share to window[document - begin] and goes on to the first document not
  /// below `end`. Requires: begin is a multiple of kWindow, end <= begin + kWindow.
  void add_to(float* window, std::uint32_t begin, std::uint32_t end) noexcept;
  /// Raises scores[document] to each remaining document's share. Requires: scores has the segment's
  /// span.
  void raise(float* scores) noexcept;

  std::uint64_t examined() const noexcept { return examined_; }

  static constexpr std::uint32_t kWindow = 4096;

 private:
  void load() noexcept;

  PostingReader reader_;
  float weight_;
  LengthNorm norm_;
  LengthView lengths_;
  std::uint32_t at_ = 0;
  std::uint64_t examined_ = 0;
  PostingBlock block_;
  alignas(16) float scores_[kBlockSize];
};

}  // namespace corsac::text

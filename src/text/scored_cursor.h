// One list of documents with their share of the score, block by block: a term's postings, or
// documents that were scored beforehand (a prefix, a phrase).
//
// Bounds hold for any k1, b and average length, because a block keeps the pareto set of its
// frequencies and lengths (packed_postings.h); sums of bounds are compared through Slack, which
// covers the rounding of f32. Checked by tests-cpp/text/searcher_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "text/segment.h"

namespace corsac::text {

struct ScoredDocuments {
  std::vector<std::uint32_t> documents;  ///< ascending
  std::vector<float> scores;             ///< above 0
  float highest = 0;
};

/// A document whose shares are at most `bound` together cannot score above `bar` when
/// `bound` * Slack(lists) <= bar: covers the rounding of a sum in another order and of the bounds.
struct Slack {
  explicit Slack(std::size_t lists) noexcept
      : factor(1.0f + 2e-7f * static_cast<float>(lists + 8)) {}
  bool cannot_pass(float bound, float bar) const noexcept { return bound * factor <= bar; }
  float factor;
};

class ScoredCursor {
 public:
  static constexpr std::uint32_t kEnd = 0xFFFFFFFF;
  static constexpr std::uint32_t kWindow = 4096;

  ScoredCursor(const TermPostings& postings, float weight, LengthNorm norm,
               LengthView lengths) noexcept;
  /// The list must outlive this.
  explicit ScoredCursor(const ScoredDocuments& list) noexcept;

  /// The current document, or kEnd.
  std::uint32_t document() const noexcept {
    return at_ < block_.count ? block_.documents[at_] : kEnd;
  }
  /// Requires: document() != kEnd.
  float score() noexcept;
  /// Where the current posting stands. Requires: document() != kEnd; postings, not documents scored
  /// beforehand.
  struct Place {
    std::uint32_t block;
    std::uint32_t index;
    const std::uint32_t* frequencies;  ///< of the block
  };
  Place place() noexcept {
    read_frequencies(block_);
    return {reader_.next_block() - 1, at_, block_.frequencies};
  }
  /// To the first document that is not below `document`.
  void seek(std::uint32_t document) noexcept;
  /// From the current document on, to the first whose share is above `least`; blocks that cannot
  /// hold one stay unread.
  void seek_above(float least) noexcept;
  /// The last document of the current block. Requires: document() != kEnd.
  std::uint32_t last_in_block() const noexcept { return block_.documents[block_.count - 1]; }

  /// No document of [begin, end) has a larger share; 0 when there is none. Requires: `begin` never
  /// descends.
  float bound_within(std::uint32_t begin, std::uint32_t end) noexcept;
  /// No document of [document, last] has a larger share than `bound`.
  struct Reach {
    std::uint32_t last;
    float bound;
  };
  /// Reads no block. The cursor must be told to seek before it is used again.
  Reach reach(std::uint32_t document) noexcept;

  /// Adds each document's share to scores[document - begin], and goes on to the first document not
  /// below `end`. Blocks all of whose shares are at most `skip` may be left out. Requires: scores
  /// has kWindow; begin is a multiple of kWindow, end <= begin + kWindow.
  void add_to(float* scores, std::uint32_t begin, std::uint32_t end, float skip) noexcept;
  /// Raises scores[document] to each remaining document's share, and sets its bit in `seen`; where
  /// none of 64 documents was seen, their scores count as 0 whatever they are. Requires: both have
  /// the segment's span, scores in whole words of 64.
  void raise(float* scores, std::uint64_t* seen) noexcept;

  std::uint64_t examined() const noexcept { return examined_; }

 private:
  void load() noexcept;
  void load_made() noexcept;
  void score_block() noexcept;
  void pass_blocks(float least) noexcept;
  std::uint32_t last_of(std::uint32_t block) const noexcept;
  float bound_of(std::uint32_t block) noexcept;
  float current_bound() noexcept;

  PostingReader reader_;
  float weight_ = 0;
  LengthNorm norm_;
  LengthView lengths_{nullptr};
  const ScoredDocuments* made_ = nullptr;
  std::size_t made_at_ = 0;    // Of made_: the first that is not in the block.
  float bound_ = 0;            // Of the whole list; used where there is no directory.
  std::vector<float> bounds_;  // [blocks], negative: not worked out yet.
  std::uint32_t bound_at_ = 0;
  std::uint32_t at_ = 0;
  bool scored_ = false;  // Whether scores_ holds the block's.
  std::uint64_t examined_ = 0;
  PostingBlock block_;
  alignas(16) float scores_[kBlockSize];
};

}  // namespace corsac::text

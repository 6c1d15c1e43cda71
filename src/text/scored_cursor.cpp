#include "text/scored_cursor.h"

#include <algorithm>

namespace corsac::text {

ScoredCursor::ScoredCursor(const TermPostings& postings, float weight, LengthNorm norm,
                           LengthView lengths) noexcept
    : reader_(postings.reader), weight_(weight), norm_(norm), lengths_(lengths) {
  load();
}

void ScoredCursor::load() noexcept {
  at_ = 0;
  if (!reader_.next(block_)) return;
  examined_ += block_.count;
  alignas(16) float lengths[kBlockSize];
  for (std::uint32_t i = 0; i < block_.count; ++i)
    lengths[i] = static_cast<float>(lengths_[block_.documents[i]]);
  // Signed, because four of those convert at once.
  for (std::uint32_t i = 0; i < block_.count; ++i) {
    const auto tf = static_cast<float>(static_cast<std::int32_t>(block_.frequencies[i]));
    scores_[i] = contribution(weight_, tf, lengths[i], norm_);
  }
}

void ScoredCursor::seek(std::uint32_t document) noexcept {
  while (block_.count > 0 && block_.documents[block_.count - 1] < document) {
    reader_.skip_to(document);
    load();
  }
  constexpr std::uint32_t kNear = 8;
  for (std::uint32_t step = 0; step < kNear; ++step, ++at_) {
    if (at_ >= block_.count || block_.documents[at_] >= document) return;
  }
  const auto* begin = block_.documents;
  at_ = static_cast<std::uint32_t>(
      std::lower_bound(begin + std::min(at_, block_.count), begin + block_.count, document) -
      begin);
}

void ScoredCursor::add_to(float* window, std::uint32_t begin, std::uint32_t end) noexcept {
  while (at_ < block_.count) {
    std::uint32_t i = at_;
    // The mask keeps damaged postings, which need not ascend, inside the window.
    for (; i < block_.count && block_.documents[i] < end; ++i) {
      window[(block_.documents[i] - begin) & (kWindow - 1)] += scores_[i];
    }
    at_ = i;
    if (i < block_.count) return;
    load();
  }
}

void ScoredCursor::raise(float* scores) noexcept {
  for (; block_.count > 0; load()) {
    for (std::uint32_t i = at_; i < block_.count; ++i) {
      float& score = scores[block_.documents[i]];
      score = std::max(score, scores_[i]);
    }
  }
}

}  // namespace corsac::text

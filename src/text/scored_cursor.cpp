#include "text/scored_cursor.h"

#include <algorithm>

#include "text/packed_postings.h"

namespace corsac::text {
namespace {

BlockEntry entry_at(ByteView directory, std::uint32_t block) noexcept {
  BlockEntry entry;
  std::memcpy(&entry, directory.data() + block * sizeof entry, sizeof entry);
  return entry;
}

}  // namespace

ScoredCursor::ScoredCursor(const TermPostings& postings, float weight, LengthNorm norm,
                           LengthView lengths) noexcept
    : reader_(postings.reader), weight_(weight), norm_(norm), lengths_(lengths), bound_{weight} {
  bounds_.assign(reader_.block_count(), -1.0f);
  load();
  if (!reader_.is_growing() && bounds_.empty() && block_.count > 0) {
    score_block();
    bound_ = *std::max_element(scores_, scores_ + block_.count);
  }
}

ScoredCursor::ScoredCursor(const ScoredDocuments& list) noexcept
    : made_(&list), bound_(list.highest) {
  load();
}

void ScoredCursor::load_made() noexcept {
  const std::size_t count = std::min<std::size_t>(kBlockSize, made_->documents.size() - made_at_);
  std::copy_n(made_->documents.data() + made_at_, count, block_.documents);
  std::copy_n(made_->scores.data() + made_at_, count, scores_);
  block_.count = static_cast<std::uint32_t>(count);
  made_at_ += count;
  scored_ = true;
}

void ScoredCursor::load() noexcept {
  at_ = 0;
  if (made_ != nullptr) return load_made();
  scored_ = false;
  if (reader_.next_documents(block_)) examined_ += block_.count;
}

void ScoredCursor::score_block() noexcept {
  read_frequencies(block_);
  alignas(16) float lengths[kBlockSize];
  for (std::uint32_t i = 0; i < block_.count; ++i)
    lengths[i] = static_cast<float>(lengths_[block_.documents[i]]);
  // Signed, because four of those convert at once. What lies beyond the count is not read.
  for (std::uint32_t i = 0; i < block_.count; ++i) {
    const auto tf = static_cast<float>(static_cast<std::int32_t>(block_.frequencies[i]));
    scores_[i] = contribution(weight_, tf, lengths[i], norm_);
  }
  scored_ = true;
}

float ScoredCursor::score() noexcept {
  if (scored_) return scores_[at_];
  read_frequencies(block_);
  const auto tf = static_cast<float>(static_cast<std::int32_t>(block_.frequencies[at_]));
  return contribution(weight_, tf, static_cast<float>(lengths_[block_.documents[at_]]), norm_);
}

void ScoredCursor::seek(std::uint32_t document) noexcept {
  while (block_.count > 0 && block_.documents[block_.count - 1] < document) {
    if (made_ != nullptr) {
      const auto begin = made_->documents.begin();
      made_at_ =
          static_cast<std::size_t>(std::lower_bound(begin + static_cast<std::ptrdiff_t>(made_at_),
                                                    made_->documents.end(), document) -
                                   begin);
    } else {
      reader_.skip_to(document);
    }
    load();
  }
  constexpr std::uint32_t kNear = 3;
  for (std::uint32_t step = 0; step < kNear; ++step, ++at_) {
    if (at_ >= block_.count || block_.documents[at_] >= document) return;
  }
  // Halving without a branch that is guessed wrong half of the time.
  std::uint32_t left = at_ < block_.count ? block_.count - at_ : 0;
  while (left > 0) {
    const std::uint32_t half = (left + 1) / 2;
    at_ += block_.documents[at_ + half - 1] < document ? half : 0;
    left -= half;
  }
}

std::uint32_t ScoredCursor::last_of(std::uint32_t block) const noexcept {
  return entry_at(reader_.directory(), block).last_document;
}

float ScoredCursor::bound_of(std::uint32_t block) noexcept {
  if (bounds_[block] >= 0) return bounds_[block];
  constexpr std::uint8_t kOpenEnded = 255;
  float bound = 0;
  for (const Impact& impact : entry_at(reader_.directory(), block).impacts) {
    if (impact.frequency == 0) continue;
    const auto length = static_cast<float>(length_of_code(impact.length));
    bound = std::max(bound, impact.frequency == kOpenEnded
                                ? weight_
                                : contribution(weight_, impact.frequency, length, norm_));
  }
  return bounds_[block] = bound;
}

float ScoredCursor::current_bound() noexcept {
  return bounds_.empty() ? bound_ : bound_of(reader_.next_block() - 1);
}

float ScoredCursor::bound_within(std::uint32_t begin, std::uint32_t end) noexcept {
  if (block_.count == 0) return 0;
  if (bounds_.empty()) {
    const std::uint32_t next = document();
    return next >= end ? 0.0f : bound_;
  }
  const auto blocks = static_cast<std::uint32_t>(bounds_.size());
  while (bound_at_ < blocks && last_of(bound_at_) < begin) ++bound_at_;
  float bound = 0;
  for (std::uint32_t block = bound_at_; block < blocks; ++block) {
    bound = std::max(bound, bound_of(block));
    if (last_of(block) >= end - 1) break;
  }
  return bound;
}

ScoredCursor::Reach ScoredCursor::reach(std::uint32_t document) noexcept {
  if (block_.count == 0) return {kEnd - 1, 0.0f};
  if (bounds_.empty()) return {kEnd - 1, bound_};
  const std::uint32_t last = block_.documents[block_.count - 1];
  if (last >= document) return {last, current_bound()};
  reader_.skip_to(document);
  const std::uint32_t next = reader_.next_block();
  if (next >= bounds_.size()) return {kEnd - 1, 0.0f};
  return {last_of(next), bound_of(next)};
}

// The blocks to come that cannot hold a share above `least`.
void ScoredCursor::pass_blocks(float least) noexcept {
  if (least <= 0 || bounds_.empty()) return;
  for (std::uint32_t next = reader_.next_block(); next < bounds_.size() && bound_of(next) <= least;
       ++next)
    reader_.skip_block();
}

void ScoredCursor::seek_above(float least) noexcept {
  while (block_.count > 0) {
    if (at_ < block_.count && (scored_ || least <= 0 || current_bound() > least)) {
      if (!scored_) score_block();
      while (at_ < block_.count && scores_[at_] <= least) ++at_;
      if (at_ < block_.count) return;
    }
    pass_blocks(least);
    load();
  }
}

void ScoredCursor::add_to(float* scores, std::uint32_t begin, std::uint32_t end,
                          float skip) noexcept {
  while (at_ < block_.count && block_.documents[at_] < end) {
    if (skip > 0 && current_bound() <= skip) {
      seek(std::min(end, block_.documents[block_.count - 1]));
      if (at_ < block_.count && block_.documents[at_] < end) ++at_;
    } else {
      if (!scored_) score_block();
      // The mask keeps damaged postings, which need not ascend, inside the window.
      for (; at_ < block_.count && block_.documents[at_] < end; ++at_)
        scores[(block_.documents[at_] - begin) & (kWindow - 1)] += scores_[at_];
    }
    if (at_ < block_.count) return;
    if (skip > 0 && !bounds_.empty()) {
      for (std::uint32_t next = reader_.next_block();
           next < bounds_.size() && last_of(next) < end && bound_of(next) <= skip; ++next)
        reader_.skip_block();
    }
    load();
  }
}

void ScoredCursor::raise(float* scores, std::uint64_t* seen) noexcept {
  constexpr std::uint32_t kWord = 64;
  for (; block_.count > 0; load()) {
    if (!scored_) score_block();
    for (std::uint32_t i = at_; i < block_.count; ++i) {
      const std::uint32_t document = block_.documents[i], word = document / kWord;
      if (seen[word] == 0) std::fill_n(scores + word * kWord, kWord, 0.0f);
      seen[word] |= std::uint64_t{1} << document % kWord;
      scores[document] = std::max(scores[document], scores_[i]);
    }
  }
}

}  // namespace corsac::text

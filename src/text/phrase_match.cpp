#include "text/phrase_match.h"

#include <algorithm>

namespace corsac::text {

PhraseMatch::PhraseMatch(std::span<const PhraseList> words, std::uint32_t slop, float weight,
                         LengthNorm norm, LengthView lengths)
    : places_(words.size()), slop_(slop), weight_(weight), norm_(norm), lengths_{lengths} {
  std::uint32_t furthest = 0;
  for (const PhraseList& word : words) furthest = std::max(furthest, word.offset);
  cursors_.reserve(words.size());
  for (const PhraseList& word : words) {
    // With the phrase's weight: no word is rarer in a document than the phrase, so the bounds of
    // each word hold for it.
    cursors_.emplace_back(word.postings, weight, norm, lengths);
    readers_.emplace_back(word.positions, word.postings.documents);
    shifts_.push_back(furthest - word.offset);
    if (word.postings.documents < words[rarest_].postings.documents) rarest_ = cursors_.size() - 1;
  }
}

// Whether the blocks around the document rule it out; then it moves past them.
bool PhraseMatch::passes_unread(std::uint32_t& document) {
  if (!bounded_ || document > last_) {
    bounded_ = true;
    last_ = ScoredCursor::kEnd - 1;
    bound_ = weight_;
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      if (i == rarest_) continue;
      const ScoredCursor::Reach reach = cursors_[i].reach(document);
      bound_ = std::min(bound_, reach.bound);
      last_ = std::min(last_, reach.last);
    }
  }
  if (!slack_.cannot_pass(bound_, bar_)) return false;
  document = last_ + 1;
  return true;
}

std::uint32_t PhraseMatch::next(std::uint32_t document, float bar) {
  bar_ = bar;
  const bool is_bounded = bar > 0 && slop_ == 0;
  for (;;) {
    cursors_[rarest_].seek(document);
    if (is_bounded) cursors_[rarest_].seek_above(bar / slack_.factor);
    document = cursors_[rarest_].document();
    if (document == ScoredCursor::kEnd) return document;
    if (is_bounded && passes_unread(document)) continue;
    std::uint32_t furthest = document;
    for (ScoredCursor& cursor : cursors_) {
      cursor.seek(document);
      furthest = std::max(furthest, cursor.document());
      if (furthest != document) break;
    }
    if (furthest == document) return document_ = document;
    if (furthest == ScoredCursor::kEnd) return furthest;
    document = furthest;
  }
}

float PhraseMatch::score() {
  const auto length = static_cast<float>(lengths_[document_]);
  std::uint32_t most = 0xFFFFFFFF;
  for (ScoredCursor& cursor : cursors_) {
    const ScoredCursor::Place place = cursor.place();
    most = std::min(most, place.frequencies[place.index]);
  }
  const float bound = contribution(weight_, static_cast<float>(most), length, norm_);
  if (slop_ == 0 && slack_.cannot_pass(bound, bar_)) return 0;
  for (std::size_t i = 0; i < cursors_.size(); ++i) {
    const ScoredCursor::Place place = cursors_[i].place();
    readers_[i].read(place.block, place.frequencies, place.index, places_[i]);
    for (std::uint32_t& at : places_[i]) at += shifts_[i];
  }
  const float frequency = phrase_frequency(places_, slop_, at_);
  return frequency > 0 ? contribution(weight_, frequency, length, norm_) : 0;
}

std::uint64_t PhraseMatch::examined() const noexcept {
  std::uint64_t total = 0;
  for (const ScoredCursor& cursor : cursors_) total += cursor.examined();
  return total;
}

float phrase_frequency(std::span<const std::vector<std::uint32_t>> places, std::uint32_t slop,
                       std::vector<std::size_t>& at) {
  at.assign(places.size(), 0);
  float frequency = 0;
  for (;;) {
    std::size_t lowest = 0;
    std::uint32_t least = 0xFFFFFFFF, most = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (at[i] == places[i].size()) return frequency;
      const std::uint32_t place = places[i][at[i]];
      if (place < least) {
        least = place;
        lowest = i;
      }
      most = std::max(most, place);
    }
    if (most - least <= slop) frequency += 1.0f / static_cast<float>(1 + most - least);
    ++at[lowest];
  }
}

}  // namespace corsac::text

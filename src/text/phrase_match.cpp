#include "text/phrase_match.h"

#include <algorithm>

#include "text/positions.h"

namespace corsac::text {
namespace {

class PhraseMatch {
 public:
  PhraseMatch(std::span<const PhraseList> words, LengthView lengths) : places_(words.size()) {
    std::uint32_t furthest = 0;
    for (const PhraseList& word : words) furthest = std::max(furthest, word.offset);
    cursors_.reserve(words.size());
    for (const PhraseList& word : words) {
      cursors_.emplace_back(word.postings, 1.0f, LengthNorm{}, lengths);
      readers_.emplace_back(word.positions, word.postings.documents);
      shifts_.push_back(furthest - word.offset);
      if (word.postings.documents < words[rarest_].postings.documents)
        rarest_ = cursors_.size() - 1;
    }
  }

  /// The next document, from `document` on, that has all words; ScoredCursor::kEnd without one.
  std::uint32_t next(std::uint32_t document) {
    for (;;) {
      cursors_[rarest_].seek(document);
      document = cursors_[rarest_].document();
      if (document == ScoredCursor::kEnd) return document;
      std::uint32_t furthest = document;
      for (ScoredCursor& cursor : cursors_) {
        cursor.seek(document);
        furthest = std::max(furthest, cursor.document());
        if (furthest != document) break;
      }
      if (furthest == document) return document;
      document = furthest;
    }
  }

  float frequency(std::uint32_t slop) {
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      const ScoredCursor::Place place = cursors_[i].place();
      readers_[i].read(place.block, place.frequencies, place.index, places_[i]);
      for (std::uint32_t& at : places_[i]) at += shifts_[i];
    }
    return phrase_frequency(places_, slop);
  }

  std::uint64_t examined() const {
    std::uint64_t total = 0;
    for (const ScoredCursor& cursor : cursors_) total += cursor.examined();
    return total;
  }

 private:
  std::vector<ScoredCursor> cursors_;
  std::vector<PositionReader> readers_;
  std::vector<std::uint32_t> shifts_;
  std::vector<std::vector<std::uint32_t>> places_;
  std::size_t rarest_ = 0;
};

}  // namespace

float phrase_frequency(std::span<const std::vector<std::uint32_t>> places, std::uint32_t slop) {
  std::vector<std::size_t> at(places.size());
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

ScoredDocuments match_phrase(std::span<const PhraseList> words, std::uint32_t slop, float weight,
                             LengthNorm norm, LengthView lengths, std::uint64_t& examined) {
  ScoredDocuments made;
  PhraseMatch match(words, lengths);
  for (std::uint32_t document = match.next(0); document != ScoredCursor::kEnd;
       document = match.next(document + 1)) {
    const float frequency = match.frequency(slop);
    if (frequency <= 0) continue;
    const float score =
        contribution(weight, frequency, static_cast<float>(lengths[document]), norm);
    made.documents.push_back(document);
    made.scores.push_back(score);
    made.highest = std::max(made.highest, score);
  }
  examined += match.examined();
  return made;
}

}  // namespace corsac::text

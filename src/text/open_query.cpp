#include "text/open_query.h"

#include <algorithm>
#include <bit>

#include "text/phrase_match.h"

namespace corsac::text {
namespace {

// The best share that any of several lists has for each document of a segment.
class BestShares {
 public:
  explicit BestShares(std::uint32_t span)
      : seen_((span + kWord - 1) / kWord),
        scores_(std::make_unique_for_overwrite<float[]>(seen_.size() * kWord)) {}

  void raise(ScoredCursor& cursor) { cursor.raise(scores_.get(), seen_.data()); }

  ScoredDocuments take() const {
    ScoredDocuments made;
    std::size_t count = 0;
    for (const std::uint64_t word : seen_) count += static_cast<std::size_t>(std::popcount(word));
    made.documents.resize(count);
    made.scores.resize(count);
    std::size_t at = 0;
    for (std::size_t w = 0; w < seen_.size(); ++w) {
      for (std::uint64_t word = seen_[w]; word != 0; word &= word - 1, ++at) {
        const std::size_t document = w * kWord + static_cast<std::size_t>(std::countr_zero(word));
        made.documents[at] = static_cast<std::uint32_t>(document);
        made.scores[at] = scores_[document];
      }
    }
    for (const float score : made.scores) made.highest = std::max(made.highest, score);
    return made;
  }

 private:
  static constexpr std::size_t kWord = 64;
  std::vector<std::uint64_t> seen_;
  std::unique_ptr<float[]> scores_;  // Set where a word of seen_ is not 0.
};

}  // namespace

OpenQuery::OpenQuery(const QueryPlan& plan, const SegmentPlan& part) : segment_(*part.segment) {
  lists_.reserve(plan.lists.size());
  for (std::size_t i = 0; i < plan.lists.size(); ++i)
    open(plan.lists[i], part.lists[i], plan.clauses[plan.lists[i].clause],
         plan.norms[plan.lists[i].field]);
  for (std::uint32_t clause = 0; clause < plan.clauses.size(); ++clause) {
    if (plan.clauses[clause] != Occur::Must) continue;
    const bool has_list = std::any_of(lists_.begin(), lists_.end(),
                                      [&](const List& list) { return list.clause == clause; });
    impossible_ = impossible_ || !has_list;
    required_.push_back(clause);
  }
}

void OpenQuery::open(const ListPlan& list, const SegmentList& found, Occur occur, LengthNorm norm) {
  if (list.field > segment_.fields()) return;
  const LengthView lengths = segment_.lengths(list.field);
  const bool excluded = occur == Occur::MustNot, required = occur == Occur::Must;
  if (found.expansions.empty() && found.phrase.empty()) {
    if (found.word.documents == 0) return;
    ScoredCursor cursor(found.word, list.word_weight, norm, lengths);
    if (excluded) {
      excluded_.push_back(std::move(cursor));
    } else {
      lists_.push_back(
          {std::move(cursor), list.clause, required, found.word.documents, list.word_weight});
    }
    return;
  }
  made_.push_back(std::make_unique<ScoredDocuments>(
      found.phrase.empty() ? best_of(list, found, norm, lengths)
                           : standing_together(list, found, norm, lengths)));
  const ScoredDocuments& made = *made_.back();
  if (made.documents.empty()) return;
  if (excluded) {
    excluded_.emplace_back(made);
  } else {
    lists_.push_back({ScoredCursor(made), list.clause, required,
                      static_cast<std::uint32_t>(made.documents.size()), made.highest});
  }
}

// The clause of a prefix may have thousands of terms: the best of them counts for each document.
ScoredDocuments OpenQuery::best_of(const ListPlan& list, const SegmentList& found, LengthNorm norm,
                                   LengthView lengths) {
  BestShares best(segment_.span());
  const auto raise = [&](const TermPostings& postings, float weight) {
    if (postings.documents == 0) return;
    ScoredCursor cursor(postings, weight, norm, lengths);
    best.raise(cursor);
    examined_ += cursor.examined();
  };
  raise(found.word, list.word_weight);
  for (const Expansion& expansion : found.expansions)
    raise(expansion.postings, list.group_weight * expansion.scale);
  return best.take();
}

ScoredDocuments OpenQuery::standing_together(const ListPlan& list, const SegmentList& found,
                                             LengthNorm norm, LengthView lengths) {
  ScoredDocuments made;
  PhraseMatch match(found.phrase, list.slop, list.word_weight, norm, lengths);
  for (std::uint32_t document = match.next(0, 0); document != ScoredCursor::kEnd;
       document = match.next(document + 1, 0)) {
    const float score = match.score();
    if (score <= 0) continue;
    made.documents.push_back(document);
    made.scores.push_back(score);
    made.highest = std::max(made.highest, score);
  }
  examined_ += match.examined();
  return made;
}

bool OpenQuery::is_excluded(std::uint32_t document) noexcept {
  for (ScoredCursor& cursor : excluded_) {
    cursor.seek(document);
    if (cursor.document() == document) return true;
  }
  return false;
}

bool OpenQuery::has_all_required(std::uint32_t document) noexcept {
  for (const std::uint32_t clause : required_) {
    bool has = false;
    for (List& list : lists_) {
      if (list.clause != clause) continue;
      list.cursor.seek(document);
      has = has || list.cursor.document() == document;
    }
    if (!has) return false;
  }
  return true;
}

float OpenQuery::score(std::uint32_t document) noexcept {
  if (impossible_ || !has_all_required(document) || is_excluded(document)) return 0;
  float score = 0;
  for (List& list : lists_) {
    list.cursor.seek(document);
    if (list.cursor.document() == document) score += list.cursor.score();
  }
  return score;
}

std::uint64_t OpenQuery::examined() const noexcept {
  std::uint64_t total = examined_;
  for (const List& list : lists_) total += list.cursor.examined();
  for (const ScoredCursor& cursor : excluded_) total += cursor.examined();
  return total;
}

}  // namespace corsac::text

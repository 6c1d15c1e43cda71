#include "text/searcher.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <vector>

#include "text/scored_cursor.h"

namespace corsac::text {
namespace {

// A query opened in one segment. The clause of a prefix is a score per document, since it may have
// thousands of terms: the best of them counts, and of the whole word itself.
class OpenQuery {
 public:
  OpenQuery(const QueryPlan& plan, const SegmentPlan& part)
      : segment_(*part.segment), lengths_(part.segment->lengths()) {
    const std::size_t plain = plan.weights.size() - (plan.prefix_has_term ? 1 : 0);
    for (std::size_t i = 0; i < plain; ++i) {
      if (part.terms[i].documents > 0) {
        terms_.emplace_back(part.terms[i], plan.weights[i], plan.norm, lengths_);
      } else {
        misses_term_ = true;
      }
    }
    if (!plan.has_prefix) return;
    const bool has_word = plan.prefix_has_term && part.terms[plain].documents > 0;
    if (!has_word && part.completions.empty()) {
      misses_term_ = true;
      return;
    }
    clause_.resize(segment_.span());
    if (has_word) raise(part.terms[plain], plan.weights[plain], plan.norm);
    for (const TermPostings& completion : part.completions)
      raise(completion, plan.prefix_weight, plan.norm);
  }

  const Segment& segment() const noexcept { return segment_; }
  std::span<ScoredCursor> terms() noexcept { return terms_; }
  bool has_clause() const noexcept { return !clause_.empty(); }
  const std::vector<float>& clause() const noexcept { return clause_; }
  /// Whether some clause matches nothing here.
  bool misses_term() const noexcept { return misses_term_; }
  std::uint64_t examined() const noexcept {
    std::uint64_t total = examined_;
    for (const ScoredCursor& term : terms_) total += term.examined();
    return total;
  }

 private:
  void raise(const TermPostings& postings, float weight, LengthNorm norm) {
    ScoredCursor cursor(postings, weight, norm, lengths_);
    cursor.raise(clause_.data());
    examined_ += cursor.examined();
  }

  const Segment& segment_;
  LengthView lengths_;
  std::vector<ScoredCursor> terms_;
  std::vector<float> clause_;  // [span], or empty
  bool misses_term_ = false;
  std::uint64_t examined_ = 0;
};

void push(TopK& best, Hit hit, const Eligible& eligible) {
  // Ordinals come ascending, so a hit that only equals the worst kept one ranks after it.
  if (best.full() && hit.score <= best.worst().score) return;
  if (eligible(hit.ordinal)) best.push(hit);
}

void collect(const float* window, std::uint32_t count, Ordinal first, const Eligible& eligible,
             TopK& best) {
  constexpr std::uint32_t kStride = 16;
  for (std::uint32_t start = 0; start < count; start += kStride) {
    const std::uint32_t end = std::min(start + kStride, count);
    const float bar = best.full() ? best.worst().score : 0.0f;
    std::uint32_t above = 0;
    for (std::uint32_t i = start; i < end; ++i) above |= window[i] > bar ? 1u : 0u;
    if (above == 0) continue;
    for (std::uint32_t i = start; i < end; ++i) {
      if (window[i] > 0) push(best, {first + i, window[i]}, eligible);
    }
  }
}

void search_any(OpenQuery& query, const Eligible& eligible, TopK& best) {
  constexpr std::uint32_t kWindow = ScoredCursor::kWindow;
  std::vector<float> window(kWindow);
  const std::uint32_t span = query.segment().span();
  for (std::uint32_t begin = 0; begin < span; begin += kWindow) {
    const std::uint32_t end = std::min(begin + kWindow, span);
    if (!query.has_clause()) {  // Straight to the next window that has a posting.
      std::uint32_t next = ScoredCursor::kEnd;
      for (const ScoredCursor& term : query.terms()) next = std::min(next, term.document());
      if (next == ScoredCursor::kEnd) return;
      if (next >= end) {
        begin = next / kWindow * kWindow - kWindow;
        continue;
      }
    }
    std::fill(window.begin(), window.end(), 0.0f);
    for (ScoredCursor& term : query.terms()) term.add_to(window.data(), begin, end);
    if (query.has_clause()) {
      for (std::uint32_t i = 0; i < end - begin; ++i) window[i] += query.clause()[begin + i];
    }
    collect(window.data(), end - begin, query.segment().first() + begin, eligible, best);
  }
}

// The score of one document if every clause matches it, else 0. Moves the cursors forward.
float score_all(OpenQuery& query, std::uint32_t document) {
  float score = 0;
  for (ScoredCursor& term : query.terms()) {
    term.seek(document);
    if (term.document() != document) return 0;
    score += term.score();
  }
  if (!query.has_clause()) return score;
  const float share = query.clause()[document];
  return share > 0 ? score + share : 0;
}

void search_all(OpenQuery& query, const SegmentPlan& part, const Eligible& eligible, TopK& best) {
  if (query.misses_term()) return;
  const Ordinal first = query.segment().first();
  if (query.terms().empty()) {
    collect(query.clause().data(), query.segment().span(), first, eligible, best);
    return;
  }
  std::size_t rarest = 0;
  for (std::size_t i = 1; i < query.terms().size(); ++i) {
    if (part.terms[i].documents < part.terms[rarest].documents) rarest = i;
  }
  ScoredCursor lead = query.terms()[rarest];
  for (std::uint32_t document; (document = lead.document()) != ScoredCursor::kEnd;
       lead.seek(document + 1)) {
    const float score = score_all(query, document);
    if (score > 0) push(best, {first + document, score}, eligible);
  }
}

void score_any(OpenQuery& query, std::span<const std::uint32_t> documents,
               std::span<float> scores) {
  for (ScoredCursor& term : query.terms()) {
    for (std::size_t i = 0; i < documents.size(); ++i) {
      term.seek(documents[i]);
      if (term.document() == documents[i]) scores[i] += term.score();
    }
  }
  if (!query.has_clause()) return;
  for (std::size_t i = 0; i < documents.size(); ++i) scores[i] += query.clause()[documents[i]];
}

}  // namespace

std::uint64_t search(const QueryPlan& plan, const Eligible& eligible, TopK& best) {
  std::uint64_t examined = 0;
  for (const SegmentPlan& part : plan.segments) {
    OpenQuery query(plan, part);
    if (plan.all_required) {
      search_all(query, part, eligible, best);
    } else {
      search_any(query, eligible, best);
    }
    examined += query.examined();
  }
  return examined;
}

void score_documents(const QueryPlan& plan, std::span<const Ordinal> ordinals,
                     std::span<float> scores) {
  assert(ordinals.size() == scores.size());
  std::fill(scores.begin(), scores.end(), 0.0f);
  std::vector<std::size_t> order(ordinals.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return ordinals[a] < ordinals[b]; });

  auto at = order.begin();
  for (const SegmentPlan& part : plan.segments) {
    const Ordinal first = part.segment->first();
    while (at != order.end() && ordinals[*at] < first) ++at;
    const auto start = at;
    std::vector<std::uint32_t> documents;
    for (; at != order.end() && ordinals[*at] - first < part.segment->span(); ++at)
      documents.push_back(ordinals[*at] - first);
    if (documents.empty()) continue;

    OpenQuery query(plan, part);
    std::vector<float> found(documents.size());
    if (!plan.all_required) {
      score_any(query, documents, found);
    } else if (!query.misses_term()) {
      for (std::size_t i = 0; i < documents.size(); ++i) found[i] = score_all(query, documents[i]);
    }
    for (std::size_t i = 0; i < found.size(); ++i)
      scores[*(start + static_cast<std::ptrdiff_t>(i))] = found[i];
  }
}

}  // namespace corsac::text

#include "text/searcher.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/sort.h"
#include "text/open_query.h"
#include "text/phrase_match.h"
#include "text/required_search.h"
#include "text/union_search.h"

namespace corsac::text {
namespace {

// A phrase alone is not matched where its words' shares cannot pass the bar.
std::uint64_t search_phrase(const QueryPlan& plan, const SegmentPlan& part,
                            const Eligible& eligible, TopK& best) {
  const ListPlan& list = plan.lists.front();
  const Segment& segment = *part.segment;
  if (list.field > segment.fields()) return 0;
  PhraseMatch match(part.lists.front().phrase, list.slop, list.word_weight, plan.norms[list.field],
                    segment.lengths(list.field));
  for (std::uint32_t document = match.next(0, bar_of(best)); document != ScoredCursor::kEnd;
       document = match.next(document + 1, bar_of(best))) {
    const Ordinal ordinal = segment.first() + document;
    if (!eligible(ordinal)) continue;
    const float score = match.score();
    if (score > bar_of(best)) best.push({ordinal, score});
  }
  return match.examined();
}

}  // namespace

std::uint64_t search(const QueryPlan& plan, const Eligible& eligible, TopK& best) {
  std::uint64_t examined = 0;
  const bool is_one = plan.lists.size() == 1 && plan.clauses.front() != Occur::MustNot;
  for (const SegmentPlan& part : plan.segments) {
    if (is_one && !part.lists.front().phrase.empty()) {
      examined += search_phrase(plan, part, eligible, best);
      continue;
    }
    OpenQuery query(plan, part);
    if (!query.is_impossible()) {
      if (query.lists().size() == 1) {
        search_list(query, eligible, best);
      } else if (query.has_required()) {
        search_required(query, eligible, best);
      } else {
        search_union(query, eligible, best);
      }
    }
    examined += query.examined();
  }
  return examined;
}

void score_documents(const QueryPlan& plan, std::span<const Ordinal> ordinals,
                     std::span<float> scores) {
  assert(ordinals.size() == scores.size());
  std::fill(scores.begin(), scores.end(), 0.0f);
  const auto order = order_of(
      ordinals.size(), [&](std::uint32_t a, std::uint32_t b) { return ordinals[a] < ordinals[b]; });

  auto at = order.begin();
  for (const SegmentPlan& part : plan.segments) {
    const Ordinal first = part.segment->first();
    while (at != order.end() && ordinals[*at] < first) ++at;
    if (at == order.end() || ordinals[*at] - first >= part.segment->span()) continue;
    OpenQuery query(plan, part);
    for (; at != order.end() && ordinals[*at] - first < part.segment->span(); ++at)
      scores[*at] = query.score(ordinals[*at] - first);
  }
}

}  // namespace corsac::text

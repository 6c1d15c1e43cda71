#include "text/query_plan.h"

#include <algorithm>

#include "text/term_expansion.h"

namespace corsac::text {
namespace {

SegmentList find_in(const Segment& segment, const QueryTerm& term) {
  SegmentList list;
  if (!term.term.empty()) list.word = segment.find(term.term);
  if (!term.prefix.empty()) expand_prefix(segment, term.prefix, list.expansions);
  if (!term.fuzzy.empty()) expand_fuzzy(segment, term, list.expansions);
  for (const PhraseWord& word : term.phrase) {
    PhraseList found{segment.find(word.term), word.offset, {}, {}};
    found.positions = segment.positions(word.term, found.scratch);
    list.phrase.push_back(std::move(found));
  }
  return list;
}

// Each word of a phrase weighs as it would alone.
float phrase_weight(std::span<const SegmentPlan> segments, std::size_t place, float k1,
                    const Statistics& statistics) {
  float weight = 0;
  const std::size_t words = segments.front().lists[place].phrase.size();
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t documents = 0;
    for (const SegmentPlan& segment : segments)
      documents += segment.lists[place].phrase[word].postings.documents;
    if (documents > 0) weight += term_weight(k1, documents, statistics);
  }
  return weight;
}

ListPlan weigh(std::span<const SegmentPlan> segments, std::size_t place, float k1,
               const Statistics& statistics) {
  std::uint64_t word = 0, group = 0;
  for (const SegmentPlan& segment : segments) {
    word += segment.lists[place].word.documents;
    for (const Expansion& expansion : segment.lists[place].expansions)
      group += expansion.postings.documents;
  }
  ListPlan list;
  list.clause = static_cast<std::uint32_t>(place);
  list.word_weight = phrase_weight(segments, place, k1, statistics);
  if (word > 0) list.word_weight = term_weight(k1, word, statistics);
  if (group > 0) list.group_weight = term_weight(k1, group, statistics);
  list.weight = std::max(list.word_weight, list.group_weight);
  return list;
}

}  // namespace

QueryPlan plan_query(std::span<const QueryTerm> terms, std::span<const Segment* const> segments,
                     const Ranking& ranking) {
  QueryPlan plan;
  Statistics statistics;
  for (const Segment* segment : segments) {
    statistics.documents += segment->statistics().documents;
    statistics.total_length += segment->statistics().total_length;
  }
  if (statistics.documents == 0) return plan;
  plan.norm = length_norm(ranking.k1, ranking.b, statistics);

  std::vector<SegmentPlan> found;
  for (const Segment* segment : segments) {
    SegmentPlan part{segment, {}};
    for (const QueryTerm& term : terms) part.lists.push_back(find_in(*segment, term));
    found.push_back(std::move(part));
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    plan.clauses.push_back(terms[i].occur);
    plan.lists.push_back(weigh(found, i, ranking.k1, statistics));
    plan.lists.back().slop = terms[i].slop;
  }
  std::stable_sort(plan.lists.begin(), plan.lists.end(),
                   [](const ListPlan& a, const ListPlan& b) { return a.weight > b.weight; });
  for (SegmentPlan& part : found) {
    SegmentPlan ordered{part.segment, {}};
    for (const ListPlan& list : plan.lists)
      ordered.lists.push_back(std::move(part.lists[list.clause]));
    plan.segments.push_back(std::move(ordered));
  }
  return plan;
}

}  // namespace corsac::text

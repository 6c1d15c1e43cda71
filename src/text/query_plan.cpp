#include "text/query_plan.h"

#include <algorithm>

#include "base/sort.h"
#include "text/field_terms.h"
#include "text/term_expansion.h"

namespace corsac::text {
namespace {

SegmentList find_in(const Segment& segment, const QueryTerm& term, std::uint32_t field) {
  SegmentList list;
  const std::string start = field_start(field);
  if (!term.term.empty()) list.word = segment.find(start + term.term);
  if (!term.prefix.empty()) expand_prefix(segment, term.prefix, field, list.expansions);
  if (!term.fuzzy.empty()) expand_fuzzy(segment, term, field, list.expansions);
  for (const PhraseWord& word : term.phrase) {
    PhraseList found{segment.find(start + word.term), word.offset, {}, {}};
    found.positions = segment.positions(start + word.term, found.scratch);
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

void weigh(std::span<const SegmentPlan> segments, std::size_t place, float boost, float k1,
           const Statistics& statistics, ListPlan& list) {
  std::uint64_t word = 0, group = 0;
  for (const SegmentPlan& segment : segments) {
    word += segment.lists[place].word.documents;
    for (const Expansion& expansion : segment.lists[place].expansions)
      group += expansion.postings.documents;
  }
  list.word_weight = phrase_weight(segments, place, k1, statistics) * boost;
  if (word > 0) list.word_weight = term_weight(k1, word, statistics) * boost;
  if (group > 0) list.group_weight = term_weight(k1, group, statistics) * boost;
  list.weight = std::max(list.word_weight, list.group_weight);
}

Statistics statistics_of(std::span<const Segment* const> segments, std::uint32_t field) {
  Statistics total;
  for (const Segment* segment : segments) {
    const Statistics own = segment->statistics(field);
    total.documents += own.documents;
    total.total_length += own.total_length;
  }
  return total;
}

}  // namespace

QueryPlan plan_query(std::span<const QueryTerm> terms, std::span<const Segment* const> segments,
                     const Ranking& ranking) {
  QueryPlan plan;
  const Statistics statistics = statistics_of(segments, 0);
  if (statistics.documents == 0) return plan;
  for (std::uint32_t field = 0; field <= ranking.fields.size(); ++field) {
    const Statistics own = statistics_of(segments, field);
    plan.norms.push_back(own.documents > 0 ? length_norm(ranking.k1, ranking.b, own)
                                           : LengthNorm{});
  }
  std::vector<SegmentPlan> found;
  for (const Segment* segment : segments) found.push_back({segment, {}});
  for (std::size_t i = 0; i < terms.size(); ++i) {
    plan.clauses.push_back(terms[i].occur);
    for (std::uint32_t field = 0; field < plan.norms.size(); ++field) {
      const std::uint32_t searched = terms[i].fields != 0 ? terms[i].fields : ranking.searched;
      if (searched != 0 && (searched >> field & 1) == 0) continue;
      for (SegmentPlan& part : found) part.lists.push_back(find_in(*part.segment, terms[i], field));
      ListPlan list;
      list.clause = static_cast<std::uint32_t>(i);
      list.field = field;
      list.slop = terms[i].slop;
      const float boost = (field == 0 ? 1.0f : ranking.fields[field - 1].boost) * terms[i].scale;
      weigh(found, plan.lists.size(), boost, ranking.k1, statistics, list);
      plan.lists.push_back(list);
    }
  }
  const auto order = order_of(plan.lists.size(), [&](std::uint32_t a, std::uint32_t b) {
    return plan.lists[a].weight > plan.lists[b].weight;
  });
  std::vector<ListPlan> lists;
  for (const std::uint32_t i : order) lists.push_back(plan.lists[i]);
  plan.lists = std::move(lists);
  for (SegmentPlan& part : found) {
    SegmentPlan ordered{part.segment, {}};
    for (const std::uint32_t i : order) ordered.lists.push_back(std::move(part.lists[i]));
    plan.segments.push_back(std::move(ordered));
  }
  return plan;
}

}  // namespace corsac::text

#include "text/query_plan.h"

#include <cassert>

namespace corsac::text {
namespace {

SegmentPlan find_in(const Segment& segment, std::span<const QueryTerm> terms) {
  SegmentPlan plan;
  plan.segment = &segment;
  for (const QueryTerm& term : terms) {
    if (!term.term.empty()) plan.terms.push_back(segment.find(term.term));
    if (!term.prefix.empty()) segment.find_prefix(term.prefix, plan.completions);
  }
  return plan;
}

}  // namespace

QueryPlan plan_query(std::span<const QueryTerm> terms, std::span<const Segment* const> segments,
                     const Ranking& ranking) {
  QueryPlan plan;
  plan.all_required = ranking.all_required;
  Statistics statistics;
  for (const Segment* segment : segments) {
    plan.segments.push_back(find_in(*segment, terms));
    statistics.documents += segment->statistics().documents;
    statistics.total_length += segment->statistics().total_length;
  }
  if (statistics.documents == 0) {
    plan.segments.clear();
    return plan;
  }
  plan.norm = length_norm(ranking.k1, ranking.b, statistics);

  for (const QueryTerm& term : terms) {
    assert(!plan.has_prefix && "only the last term may have a prefix");
    plan.has_prefix = !term.prefix.empty();
    plan.prefix_has_term = plan.has_prefix && !term.term.empty();
    if (term.term.empty()) continue;
    std::uint64_t documents = 0;
    for (const SegmentPlan& segment : plan.segments)
      documents += segment.terms[plan.weights.size()].documents;
    plan.weights.push_back(documents > 0 ? term_weight(ranking.k1, documents, statistics) : 0.0f);
  }
  if (plan.has_prefix) {
    std::uint64_t documents = 0;
    for (const SegmentPlan& segment : plan.segments) {
      for (const TermPostings& completion : segment.completions) documents += completion.documents;
    }
    if (documents > 0) plan.prefix_weight = term_weight(ranking.k1, documents, statistics);
  }
  return plan;
}

}  // namespace corsac::text

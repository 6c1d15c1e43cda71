// What must be read to answer a query, and what does each term weigh? Resolved once per query
// against all segments, because idf and the average length belong to the whole collection.
#pragma once

#include <span>
#include <vector>

#include "text/analysis.h"
#include "text/segment.h"

namespace corsac::text {

/// A query in one segment.
struct SegmentPlan {
  const Segment* segment = nullptr;
  std::vector<TermPostings> terms;        ///< [plan.weights] in query order
  std::vector<TermPostings> completions;  ///< of the prefix, if any
};

struct QueryPlan {
  std::vector<float> weights;  ///< of the terms, in query order
  bool has_prefix = false;
  bool prefix_has_term =
      false;                ///< the last term is the whole word of the prefix: they form one clause
  float prefix_weight = 0;  ///< every completion weighs as a term of all their documents together
  bool all_required = false;
  LengthNorm norm;
  std::vector<SegmentPlan> segments;
};

struct Ranking {
  float k1;
  float b;
  bool all_required;
};

/// The segments must outlive the plan and not change.
QueryPlan plan_query(std::span<const QueryTerm> terms, std::span<const Segment* const> segments,
                     const Ranking& ranking);

}  // namespace corsac::text

// Which documents rank best for a planned query? Unions and requirements are searched in files of
// their own; both agree with score_documents to the bit.
#pragma once

#include <cstdint>
#include <span>

#include "text/eligible.h"
#include "text/query_plan.h"

namespace corsac::text {

/// Pushes the best eligible matches; returns the number of postings read.
std::uint64_t search(const QueryPlan& plan, const Eligible& eligible, TopK& best);

/// The score of each ordinal, 0 where the query does not match. Any order, duplicates allowed.
void score_documents(const QueryPlan& plan, std::span<const Ordinal> ordinals,
                     std::span<float> scores);

}  // namespace corsac::text

// The best of a union. MaxScore (Turtle & Flood, "Query evaluation: strategies and optimizations",
// IPM 1995) over windows of 4,096 documents: lists that could lift a document over the bar
// accumulate into a dense window, the others are only asked about documents that are still in the
// running.
#pragma once

#include "text/eligible.h"
#include "text/open_query.h"

namespace corsac::text {

void search_union(OpenQuery& query, const Eligible& eligible, TopK& best);

/// The best of one list. Requires: the query has no other.
void search_list(OpenQuery& query, const Eligible& eligible, TopK& best);

}  // namespace corsac::text

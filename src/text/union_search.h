// The best of a union. MaxScore (Turtle & Flood, "Query evaluation: strategies and optimizations",
// IPM 1995) over windows of 4,096 documents: lists that could lift a document over the bar
// accumulate into a dense window, the others are only asked about documents that are still in the
// running.
#pragma once

#include "text/eligible.h"
#include "text/open_query.h"

namespace corsac::text {

/// A conjunction of common words is searched so as well: reading them costs less than leaping.
/// Requires: every required clause is a single list, and they are at most 255.
void search_union(OpenQuery& query, const Eligible& eligible, TopK& best);

}  // namespace corsac::text

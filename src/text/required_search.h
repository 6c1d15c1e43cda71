// The best of the documents that have all that is required. The rarest requirement leads, a block
// scored at a time; what its share and the bounds of the blocks around a document in the other
// lists leave below the bar is passed over before those are read (after block-max AND; Ding & Suel,
// "Faster top-k document retrieval using block-max indexes", SIGIR 2011).
#pragma once

#include "text/eligible.h"
#include "text/open_query.h"

namespace corsac::text {

/// Requires: the query has a required clause.
void search_required(OpenQuery& query, const Eligible& eligible, TopK& best);

}  // namespace corsac::text

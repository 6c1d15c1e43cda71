// The best of the documents that have all that is required. The rarest requirement leads; where the
// blocks that a document lies in bound its score below the bar, all of them are passed over unread
// (block-max AND; Ding & Suel, "Faster top-k document retrieval using block-max indexes", SIGIR
// 2011).
#pragma once

#include "text/eligible.h"
#include "text/open_query.h"

namespace corsac::text {

/// Requires: the query has a required clause.
void search_required(OpenQuery& query, const Eligible& eligible, TopK& best);

}  // namespace corsac::text

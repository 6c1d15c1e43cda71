// What does a query ask for? Leniently, text is text: only "quotes" mean something, an optional
// phrase whose words count by themselves as well. Strictly, it is a language, and what is malformed
// is an error that points at its place:
//
//   query  := clause (space clause)*
//   clause := [+ | -] ( word | prefix* | fuzzy~ | fuzzy~1 | fuzzy~2 | "phrase" | "phrase"~slop )
//
// A backslash takes the meaning of the character after it away. Inside a word all but : ( ) " * ~
// stand for themselves; + and - have a meaning only before a clause.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/analysis.h"
#include "text/query_term.h"
#include "text/text_index.h"

namespace corsac::text {

/// `has_positions`: whether phrases can be answered. Fails with: InvalidQuery.
Result<std::vector<QueryTerm>> parse_query(const Analysis& analysis, const TextQuery& query,
                                           bool has_positions);

}  // namespace corsac::text

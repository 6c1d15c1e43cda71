// What does a query ask for? Leniently, text is text: only "quotes" mean something, an optional
// phrase whose words count by themselves as well. Strictly, it is a language, and what is malformed
// is an error that points at its place:
//
//   query  := clause (space clause)*
//   clause := [+ | -] [field:] ( word | prefix* | fuzzy~ | fuzzy~1 | fuzzy~2 | "phrase" |
//   "phrase"~slop )
//
// A backslash takes the meaning of the character after it away. Inside a word all but : ( ) " * ~
// stand for themselves; + and - have a meaning only before a clause.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/analysis.h"
#include "text/query_term.h"
#include "text/text_index.h"

namespace corsac::text {

/// What can be answered: phrases with positions, `field:` with the fields beside the content.
struct Answerable {
  bool positions = true;
  std::span<const TextField> fields = {};
};

/// Fails with: InvalidQuery.
Result<std::vector<QueryTerm>> parse_query(const Analysis& analysis, const TextQuery& query,
                                           const Answerable& answerable);

}  // namespace corsac::text

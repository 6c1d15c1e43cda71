// Where in this text are the query's words? The text is analysed again: offsets are not stored.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "text/analysis.h"

namespace corsac::text {

/// UTF-16 ranges of the tokens that match a term, ascending; overlapping ones are merged.
std::vector<Highlight> find_highlights(const Analysis& analysis, std::span<const QueryTerm> terms,
                                       std::string_view content);

}  // namespace corsac::text

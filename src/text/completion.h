// Which terms go on like this, and who has them? What a prefix may grow into; spelling is found in
// the documents, since terms are stems.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "text/segment.h"
#include "text/text_index.h"

namespace corsac::text {

/// Every term that starts with `prefix`, segment by segment, so a term may come more than once.
std::vector<TermCount> terms_with(std::string_view prefix,
                                  std::span<const Segment* const> segments);

/// The live documents with a term: how many, then the first `limit` of them.
std::vector<Ordinal> documents_with(std::string_view term, std::span<const Segment* const> segments,
                                    const Bitset& deleted, std::size_t limit);

}  // namespace corsac::text

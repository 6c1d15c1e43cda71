// Which terms of a segment does a prefix or a misspelt word stand for?
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/query_plan.h"
#include "text/query_term.h"

namespace corsac::text {

/// The edits that a word of so many code points is granted of those asked for: one needs three code
/// points, two need five.
std::uint32_t edits_granted(std::size_t code_points, std::uint32_t asked) noexcept;

/// Appends every term of the field that starts with `prefix`.
void expand_prefix(const Segment& segment, std::string_view prefix, std::uint32_t field,
                   std::vector<Expansion>& found);

/// Appends every other term of the field at most term.edits away from term.fuzzy, scaled by 1 -
/// edits / length, but those that term.prefix finds. Requires: edits is 1 or 2; the word is longer
/// than the edits and has at most LevenshteinAutomaton::kLongest code points.
void expand_fuzzy(const Segment& segment, const QueryTerm& term, std::uint32_t field,
                  std::vector<Expansion>& found);

}  // namespace corsac::text

// In which documents do words stand together, and how well? A match takes one place of each word;
// shifted back by its offset in the phrase, all of them may spread over at most `slop` places. It
// counts 1 / (1 + spread), the sum is the phrase's frequency, and its weight is the sum of its
// words' weights (as in Lucene).
#pragma once

#include <cstdint>
#include <span>

#include "text/query_plan.h"
#include "text/scored_cursor.h"

namespace corsac::text {

/// `examined` grows by the postings read.
ScoredDocuments match_phrase(std::span<const PhraseList> words, std::uint32_t slop, float weight,
                             LengthNorm norm, LengthView lengths, std::uint64_t& examined);

/// The frequency that places make, each list ascending and shifted.
float phrase_frequency(std::span<const std::vector<std::uint32_t>> places, std::uint32_t slop);

}  // namespace corsac::text

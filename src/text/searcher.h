// Which documents rank best for a planned query? Exhaustive: a union accumulates term after term
// into windows of 4,096 documents, a conjunction walks its rarest term. Sums are in query order, so
// search and score_documents agree to the bit.
#pragma once

#include <cstdint>
#include <span>

#include "base/bitset.h"
#include "base/top_k.h"
#include "text/query_plan.h"

namespace corsac::text {

/// Which ordinals may be returned.
struct Eligible {
  const Bitset* allowed = nullptr;  ///< null: all
  const Bitset* deleted = nullptr;  ///< Requires: not null, at least as large as the segments reach

  bool operator()(Ordinal ordinal) const noexcept {
    return !deleted->test(ordinal) &&
           (allowed == nullptr || (ordinal < allowed->size() && allowed->test(ordinal)));
  }
};

/// Pushes every eligible match; returns the number of postings read.
std::uint64_t search(const QueryPlan& plan, const Eligible& eligible, TopK& best);

/// The score of each ordinal, 0 where the query does not match. Any order, duplicates allowed.
void score_documents(const QueryPlan& plan, std::span<const Ordinal> ordinals,
                     std::span<float> scores);

}  // namespace corsac::text

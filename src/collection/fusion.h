// How do two ranked lists become one? Distribution-based fusion (mean +- 3 sigma of each leg),
// min-max weighted sum, and reciprocal rank fusion (Cormack, Clarke, Buettcher, SIGIR 2009).
// Missing scores are completed before, so a document is never punished for standing just below a
// leg's cut.
//
// Invariants: statistics are those of each leg's own list, in double arithmetic in the list's
// order; normalised values are not clamped; a leg without a hit contributes nothing to anybody.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "base/types.h"
#include "collection/search.h"

namespace corsac::collection {

/// A leg's own list, summed up. Population sigma.
struct LegStatistics {
  std::size_t count = 0;
  double min = 0, max = 0, mean = 0, sigma = 0;
};

LegStatistics statistics(std::span<const Hit> hits) noexcept;

/// Fusion with every default filled in. Fails with: InvalidArgument naming the weight or rrfK.
Result<Fusion> resolve(const Fusion& asked, float hybrid_weight);

/// Sets the score of every candidate, and what each leg adds to it, from its legs. A candidate
/// without a vector counts, in the vector leg, as the worst candidate that has one: it can never
/// gain by the lack. A candidate without text is an empty text, whose BM25 is 0. Requires: resolved
/// weights; every candidate of a leg's list carries its rank, others rank 0.
void fuse(const Fusion& fusion, const LegStatistics& vector, const LegStatistics& text,
          std::span<ScoredDocument> candidates) noexcept;

}  // namespace corsac::collection

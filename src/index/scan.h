// Every wanted code against the query: exact over the stored codes. The right way for small
// collections and for filters that few vectors pass, and the oracle of the graph.
#pragma once

#include <cstddef>

#include "codec/codec.h"
#include "index/best_hits.h"
#include "index/vector_index.h"

namespace corsac::index {

/// A candidate for rescoring, by what a walk or a scan knows of it.
struct Candidate {
  float score;
  Slot slot;
};

/// How many candidates a query rescores; 0: it takes the scores as they are.
std::size_t rerank_count(const codec::Codec& codes, const IndexOptions& options,
                         const VectorQuery& query) noexcept;

/// Rescores `candidates`, best first, and keeps the k best as the result's hits. A candidate that
/// its codec's bound puts below k rescored ones is passed over.
void rerank(const codec::Codec& codes, const codec::Query& prepared, const VectorQuery& query,
            std::span<const Candidate> candidates, VectorResult& result);

/// The best of the slots in `allowed`, or of those below `size` that `removed` does not hold.
void scan(const codec::Codec& codes, const codec::Query& prepared, const VectorQuery& query,
          const IndexOptions& options, std::size_t size, const Bitset& removed,
          VectorResult& result);

}  // namespace corsac::index

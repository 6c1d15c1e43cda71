// Every wanted code against the query: exact over the stored codes. The right way for small
// collections and for filters that few vectors pass, and the oracle of the graph.
#pragma once

#include <cstddef>

#include "codec/codec.h"
#include "index/best_hits.h"
#include "index/vector_index.h"

namespace corsac::index {

/// How many candidates a scan or a walk hands to the precise score. The true ten are among the best
/// twenty by seven bits on every real set measured.
constexpr std::size_t rerank_count(std::size_t k) noexcept { return 2 * k + 10; }

/// Rescores `slots` and keeps the k best as the result's hits.
void rerank(const codec::Codec& codes, const codec::Query& prepared, const VectorQuery& query,
            std::span<const Slot> slots, VectorResult& result);

/// The best of the slots in `allowed`, or of those below `size` that `removed` does not hold.
void scan(const codec::Codec& codes, const codec::Query& prepared, const VectorQuery& query,
          bool precise, std::size_t size, const Bitset& removed, VectorResult& result);

}  // namespace corsac::index

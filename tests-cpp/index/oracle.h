// What an index should have found: recall against a flat f32 index over the same vectors.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <span>
#include <vector>

#include "index/vector_index.h"
#include "support/vectors.h"

namespace corsac::index {

inline void append(VectorIndex& index, std::span<const float> vectors,
                   std::uint64_t slice = ~std::uint64_t{0}) {
  index.begin_append(vectors);
  for (Budget budget{slice}; !index.step(budget); budget = Budget{slice}) {
  }
}

inline std::unique_ptr<VectorIndex> make_index(const IndexOptions& options,
                                               std::span<const float> vectors = {}) {
  auto index = create_index(options);
  EXPECT_TRUE(index.has_value());
  append(**index, vectors);
  return *std::move(index);
}

/// The share of the true k best that `index` finds, over queries [? x dimension]. A hit counts when
/// its true score reaches that of the true k-th. `oracle` is flat f32 with the same slots removed.
inline double recall(const VectorIndex& index, const VectorIndex& oracle,
                     std::span<const float> queries, VectorQuery query = {}) {
  const std::size_t dimension = index.options().dimension;
  double found = 0, wanted = 0;
  for (std::size_t q = 0; q * dimension < queries.size(); ++q) {
    query.vector = test::row_of(queries, q, dimension);
    VectorQuery exact = query;
    exact.force_scan = true;
    const auto truth = oracle.search(exact);
    const auto result = index.search(query);
    EXPECT_TRUE(truth.has_value() && result.has_value());
    wanted += static_cast<double>(truth->hits.size());
    if (truth->hits.empty()) continue;
    std::vector<float> scores(result->slots.size());
    oracle.score(query.vector, result->slots, scores);
    EXPECT_EQ(std::set<Slot>(result->slots.begin(), result->slots.end()).size(),
              result->slots.size());
    for (const float score : scores) found += score >= truth->hits.back().score - 1e-6f ? 1 : 0;
  }
  return wanted == 0 ? 1 : found / wanted;
}

}  // namespace corsac::index

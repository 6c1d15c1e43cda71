#include "base/top_k.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace corsac {
namespace {

TEST(TopK, KeepsWhatSortingWouldKeepInAnyOrderOfArrival) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    std::vector<Hit> hits;
    // Few scores, so that most of them tie.
    for (Ordinal i = 0; i < 200; ++i) hits.push_back({i, static_cast<float>(random.below(10))});
    for (std::size_t i = hits.size(); i > 1; --i) std::swap(hits[i - 1], hits[random.below(i)]);
    std::vector<Hit> sorted = hits;
    std::sort(sorted.begin(), sorted.end(), ranks_before);
    for (const std::size_t k : {0u, 1u, 7u, 199u, 200u, 300u}) {
      TopK best(k);
      for (const Hit& hit : hits) best.push(hit);
      EXPECT_EQ(best.full(), k <= hits.size());
      const std::vector<Hit> expected(
          sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(std::min(k, sorted.size())));
      if (k > 0) {
        EXPECT_EQ(best.worst(), expected.back());
      }
      EXPECT_EQ(best.take(), expected) << "k " << k;
    }
  }
}

TEST(TopK, EqualScoresRankByOrdinal) {
  EXPECT_TRUE(ranks_before({1, 2.0f}, {2, 2.0f}));
  EXPECT_FALSE(ranks_before({2, 2.0f}, {1, 2.0f}));
  EXPECT_FALSE(ranks_before({1, 2.0f}, {1, 2.0f}));
  EXPECT_TRUE(ranks_before({9, 3.0f}, {1, 2.0f}));
}

TEST(TopK, IsEmptyAfterTaking) {
  TopK best(2);
  best.push({1, 1.0f});
  EXPECT_EQ(best.take().size(), 1u);
  EXPECT_TRUE(best.take().empty());
}

}  // namespace
}  // namespace corsac

#include "index/candidate_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.h"

namespace corsac::index {
namespace {

TEST(CandidateKey, OrdersByScoreThenSlotAndGivesBothBack) {
  const float scores[] = {3.4e38f, 1.0f, 0.5f, 1e-45f, 0.0f, -1e-45f, -0.5f, -3.4e38f};
  CandidateKey last = 0;
  for (const float score : scores) {
    for (const Slot slot : {0u, 1u, 0x7FFFFFFEu}) {
      const CandidateKey key = make_key(score, slot);
      EXPECT_GE(key, last);
      EXPECT_EQ(score_of(key), score);
      EXPECT_EQ(slot_of(key), slot);
      last = key + 1;
    }
  }
  EXPECT_EQ(make_key(-0.0f, 5), make_key(0.0f, 5));
}

TEST(CandidatePool, KeepsTheBestSorted) {
  Random random(1);
  CandidatePool pool;
  pool.begin(20);
  std::vector<CandidateKey> all;
  for (Slot slot = 0; slot < 500; ++slot) {
    const CandidateKey key = make_key(2 * random.uniform() - 1, slot);
    all.push_back(key);
    if (key < pool.bound()) pool.insert(key);
  }
  std::sort(all.begin(), all.end());
  EXPECT_TRUE(std::equal(pool.keys().begin(), pool.keys().end(), all.begin()));
  EXPECT_EQ(pool.keys().size(), 20u);
}

TEST(CandidatePool, GivesEachOnceTheBestFirst) {
  CandidatePool pool;
  pool.begin(3);
  pool.insert(make_key(0.1f, 1));
  EXPECT_EQ(pool.pop(), 1u);
  EXPECT_EQ(pool.pop(), kNoSlot);
  pool.insert(make_key(0.2f, 2));
  pool.insert(make_key(0.05f, 3));
  EXPECT_EQ(pool.peek(), 2u);
  EXPECT_EQ(pool.pop(), 2u);
  EXPECT_EQ(pool.pop(), 3u);
  EXPECT_EQ(pool.pop(), kNoSlot);
}

}  // namespace
}  // namespace corsac::index

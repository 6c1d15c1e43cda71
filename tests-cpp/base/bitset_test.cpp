#include "base/bitset.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"

namespace corsac {
namespace {

Bitset random_bitset(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  Bitset out(size);
  for (std::size_t i = 0; i < size; ++i) {
    if (random.below(3) == 0) out.set(i);
  }
  return out;
}

TEST(Bitset, RemembersEachBitAtEverySizeAroundAWord) {
  for (const std::size_t size : {0u, 1u, 63u, 64u, 65u, 127u, 128u, 200u}) {
    Bitset bits(size);
    EXPECT_TRUE(bits.none());
    for (std::size_t i = 0; i < size; ++i) {
      bits.set(i);
      EXPECT_TRUE(bits.test(i));
      EXPECT_EQ(bits.count(), 1u);
      EXPECT_FALSE(bits.none());
      bits.reset(i);
    }
    EXPECT_EQ(bits, Bitset(size));
  }
}

TEST(Bitset, FlippingAndFillingLeaveNoStrayBits) {
  for (const std::size_t size : {0u, 1u, 63u, 64u, 65u, 130u}) {
    Bitset bits(size);
    bits.flip();
    EXPECT_EQ(bits.count(), size);
    EXPECT_EQ(bits, Bitset(size, true));
    bits.flip();
    EXPECT_TRUE(bits.none());
  }
}

TEST(Bitset, ResizingKeepsMembersAndGivesNewBitsTheirValue) {
  for (const bool value : {false, true}) {
    for (const std::size_t from : {0u, 1u, 63u, 64u, 65u, 100u}) {
      for (const std::size_t to : {0u, 1u, 50u, 64u, 65u, 128u, 129u, 300u}) {
        const Bitset before = random_bitset(from, from);
        Bitset after = before;
        after.resize(to, value);
        for (std::size_t i = 0; i < to; ++i)
          EXPECT_EQ(after.test(i), i < from ? before.test(i) : value) << from << " " << to;
        EXPECT_EQ(Bitset::from_words({after.words().begin(), after.words().end()}, to), after)
            << "no stray bits";
      }
    }
  }
}

TEST(Bitset, CombinesAsSetsDo) {
  const Bitset a = random_bitset(200, 1);
  const Bitset b = random_bitset(200, 2);
  Bitset both = a;
  both &= b;
  Bitset either = a;
  either |= b;
  Bitset only_a = a;
  only_a.subtract(b);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(both.test(i), a.test(i) && b.test(i));
    EXPECT_EQ(either.test(i), a.test(i) || b.test(i));
    EXPECT_EQ(only_a.test(i), a.test(i) && !b.test(i));
  }
}

TEST(Bitset, VisitsMembersInAscendingOrder) {
  const Bitset bits = random_bitset(500, 3);
  std::vector<std::size_t> visited;
  bits.for_each([&](std::size_t i) { visited.push_back(i); });
  EXPECT_TRUE(std::is_sorted(visited.begin(), visited.end()));
  EXPECT_EQ(visited.size(), bits.count());
  for (const std::size_t i : visited) EXPECT_TRUE(bits.test(i));
}

TEST(Bitset, StoredWordsLoseTheirStrayBits) {
  const Bitset bits = Bitset::from_words({~std::uint64_t{0}, ~std::uint64_t{0}}, 70);
  EXPECT_EQ(bits.count(), 70u);
}

}  // namespace
}  // namespace corsac

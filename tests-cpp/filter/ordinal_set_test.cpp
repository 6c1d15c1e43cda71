#include "filter/ordinal_set.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"

namespace corsac::filter {
namespace {

std::set<Ordinal> members(const OrdinalSet& set, std::size_t documents) {
  Words words = words_for(documents);
  set.mark(documents, words);
  std::set<Ordinal> out;
  for (Ordinal i = 0; i < words.size() * 64; ++i) {
    if ((words[i / 64] >> i % 64 & 1) != 0) out.insert(i);
  }
  return out;
}

Bytes saved(const OrdinalSet& set) {
  ByteWriter out;
  set.save(out);
  return std::move(out).take();
}

// Runs of dense and sparse stretches, so that the form changes to and fro.
TEST(OrdinalSet, HoldsWhatWasAddedInEitherForm) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    OrdinalSet set;
    std::set<Ordinal> expected;
    Ordinal next = 0;
    for (std::uint64_t i = 0; i < 3'000; ++i) {
      const std::uint64_t gap = i / 300 % 2 == seed % 2 ? 3 : 2'000;
      next += static_cast<Ordinal>(random.below(gap));
      set.add(next);
      expected.insert(next);
    }
    EXPECT_EQ(set.size(), expected.size());
    EXPECT_EQ(members(set, next + 1), expected);
    const std::size_t half = next / 2;
    EXPECT_EQ(
        members(set, half),
        std::set<Ordinal>(expected.begin(), expected.lower_bound(static_cast<Ordinal>(half))));

    const Bytes bytes = saved(set);
    ByteReader in(bytes);
    const OrdinalSet loaded = OrdinalSet::load(in, std::size_t{next} + 1);
    ASSERT_TRUE(in.finished());
    EXPECT_EQ(members(loaded, next + 1), expected);
    EXPECT_EQ(saved(loaded), bytes);
  }
}

TEST(OrdinalSet, TakesAtMostABitForADenseSetAndFourBytesForASparseOne) {
  OrdinalSet dense;
  for (Ordinal i = 0; i < 64'000; ++i) dense.add(i);
  EXPECT_EQ(dense.bytes(), 8'000u);
  OrdinalSet sparse;
  for (Ordinal i = 0; i < 1'000; ++i) sparse.add(i * 100'000);
  EXPECT_EQ(sparse.bytes(), 4'000u);
}

TEST(OrdinalSet, MembersOutOfOrderOrBeyondTheEndFailTheReader) {
  const auto load = [](std::initializer_list<std::uint32_t> words, std::size_t end) {
    ByteWriter out;
    for (const std::uint32_t word : words) out.put(word);
    const Bytes bytes = std::move(out).take();
    ByteReader in(bytes);
    OrdinalSet::load(in, end);
    return in.finished();
  };
  EXPECT_TRUE(load({0, 2, 5, 6}, 7));
  EXPECT_FALSE(load({0, 2, 5, 6}, 6));
  EXPECT_FALSE(load({0, 2, 6, 6}, 7));
  EXPECT_FALSE(load({0, 3, 5, 6}, 7));
  EXPECT_TRUE(load({1, 1, 0b101, 0}, 3));
  EXPECT_FALSE(load({1, 1, 0b101, 0}, 2));
  EXPECT_FALSE(load({1, 1, 0, 0}, 2)) << "an empty last word";
  EXPECT_FALSE(load({2, 0}, 2)) << "an unknown form";
}

}  // namespace
}  // namespace corsac::filter

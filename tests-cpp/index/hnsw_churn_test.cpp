#include <gtest/gtest.h>

#include <algorithm>

#include "index/oracle.h"
#include "index/reachability.h"
#include "support/sections.h"

namespace corsac::index {
namespace {

constexpr std::uint32_t kDimension = 32;

IndexOptions options_of(CodecKind codec) {
  return {.kind = Kind::Hnsw,
          .codec = codec,
          .dimension = kDimension,
          .m = 10,
          .ef_construction = 60,
          .ef_search = 50};
}

std::vector<float> vectors_of(std::size_t count, std::uint64_t seed) {
  return test::clustered_vectors(count, kDimension, 30, 1, seed);
}

class HnswChurn : public testing::TestWithParam<CodecKind> {
 protected:
  std::vector<float> base_ = vectors_of(2500, 2);
  std::vector<float> queries_ = vectors_of(80, 3);
  std::unique_ptr<VectorIndex> index_ = make_index(options_of(GetParam()), base_);
  std::unique_ptr<VectorIndex> oracle_ = make_index({.dimension = kDimension}, base_);

  void remove(Slot slot) {
    index_->remove(slot);
    oracle_->remove(slot);
  }
  void append_to_both(std::span<const float> vectors) {
    append(*index_, vectors);
    append(*oracle_, vectors);
  }
};
INSTANTIATE_TEST_SUITE_P(Codecs, HnswChurn, testing::Values(CodecKind::F32, CodecKind::Sq8),
                         [](const auto& codec) {
                           return codec.param == CodecKind::F32 ? "f32" : "sq8";
                         });

TEST_P(HnswChurn, ARemovedSlotIsGoneFromTheNextSearchOn) {
  for (Slot slot = 0; slot < 2500; slot += 50) {
    const auto vector = test::row_of(base_, slot, kDimension);
    ASSERT_EQ(index_->search({.vector = vector, .k = 1})->slots.front(), slot);
    remove(slot);
    EXPECT_TRUE(index_->is_removed(slot));
    const auto slots = index_->search({.vector = vector, .k = 20})->slots;
    EXPECT_EQ(std::count(slots.begin(), slots.end(), slot), 0);
  }
}

TEST_P(HnswChurn, HalfRemovedAtOnceCostsNoRecall) {
  for (Slot slot = 0; slot < 2500; slot += 2) remove(slot);
  EXPECT_EQ(index_->live(), 1250u);
  EXPECT_GE(recall(*index_, *oracle_, queries_), 0.95) << "before the repair";
  append_to_both(vectors_of(10, 4));
  EXPECT_GE(recall(*index_, *oracle_, queries_), 0.95) << "after it";
}

TEST_P(HnswChurn, ReplacingHalfOfItInRoundsCostsNoRecall) {
  Random random(5);
  std::vector<Slot> live(2500);
  for (Slot slot = 0; slot < 2500; ++slot) live[slot] = slot;
  for (std::size_t round = 0; round < 12; ++round) {
    for (std::size_t i = 0; i < 110; ++i) {
      std::swap(live[random.below(live.size())], live.back());
      remove(live.back());
      live.pop_back();
    }
    const std::size_t first = index_->size();
    append_to_both(vectors_of(110, 100 + round));
    for (std::size_t i = 0; i < 110; ++i) live.push_back(static_cast<Slot>(first + i));
  }
  std::vector<float> outcome(live.size() * kDimension);
  std::sort(live.begin(), live.end());
  for (std::size_t i = 0; i < live.size(); ++i)
    oracle_->decode(live[i], std::span(outcome).subspan(i * kDimension, kDimension));
  const auto fresh = make_index(options_of(GetParam()), outcome);
  const auto exact = make_index({.dimension = kDimension}, outcome);
  const double changed = recall(*index_, *oracle_, queries_);
  EXPECT_GE(changed, 0.99 * recall(*fresh, *exact, queries_));
  EXPECT_GE(changed, 0.95);
  test::MemorySections saved;
  index_->save(saved);
  EXPECT_EQ(unreachable(saved_graph(saved, options_of(GetParam()).m, index_->size())),
            std::vector<Slot>());
  // And walks find everything that is alive.
  std::size_t found = 0;
  std::vector<float> vector(kDimension);
  for (const Slot slot : live) {
    oracle_->decode(slot, vector);
    found += index_->search({.vector = vector, .k = 1})->slots.front() == slot;
  }
  EXPECT_GE(found, live.size() * 99 / 100);
}

TEST_P(HnswChurn, AWholeRegionMayGo) {
  const auto near = oracle_->search({.vector = test::row_of(queries_, 0, kDimension), .k = 800});
  for (const Slot slot : near->slots) remove(slot);
  EXPECT_GE(recall(*index_, *oracle_, queries_), 0.95);
  append_to_both(vectors_of(50, 6));
  EXPECT_GE(recall(*index_, *oracle_, queries_), 0.95);
}

TEST_P(HnswChurn, TheNodeWhereSearchesBeginMayGoAgainAndAgain) {
  // Whatever begins a walk is among the first vectors: remove them all, a few at a time.
  for (Slot slot = 0; slot < 600; ++slot) {
    remove(slot);
    if (slot % 100 == 99) append_to_both(vectors_of(5, 300 + slot));
  }
  EXPECT_GE(recall(*index_, *oracle_, queries_), 0.95);
}

TEST_P(HnswChurn, AnIndexOfWhichAllWasRemovedStartsAnew) {
  for (Slot slot = 0; slot < 2500; ++slot) remove(slot);
  EXPECT_TRUE(index_->search({.vector = test::row_of(queries_, 0, kDimension)})->hits.empty());
  append_to_both(vectors_of(1, 7));
  EXPECT_EQ(index_->search({.vector = test::row_of(queries_, 0, kDimension)})->slots,
            std::vector<Slot>{2500});
  append_to_both(vectors_of(1500, 8));
  EXPECT_GE(recall(*index_, *oracle_, queries_), 0.95);
}

TEST_P(HnswChurn, AFewThatWereAllRemovedAfterManyStillStartAnew) {
  for (Slot slot = 0; slot < 2500; ++slot) remove(slot);
  append_to_both(vectors_of(5, 10));
  for (Slot slot = 2500; slot < 2505; ++slot) remove(slot);
  append_to_both(vectors_of(1500, 11));
  EXPECT_GE(recall(*index_, *oracle_, queries_), 0.95);
  EXPECT_EQ(index_->search({.vector = test::row_of(queries_, 0, kDimension)})->path, Path::Graph);
}

TEST_P(HnswChurn, UpsertsOfTheSameVectorNeverLoseIt) {
  const auto vector = test::row_of(base_, 17, kDimension);
  Slot last = 17;
  for (std::size_t i = 0; i < 60; ++i) {
    index_->remove(last);
    append(*index_, vector);
    last = static_cast<Slot>(index_->size() - 1);
    ASSERT_EQ(index_->search({.vector = vector, .k = 1})->slots, std::vector<Slot>{last});
  }
}

TEST_P(HnswChurn, RepairsTheSameHoweverItIsSliced) {
  const auto other = make_index(options_of(GetParam()), base_);
  const auto more = vectors_of(40, 9);
  for (Slot slot = 0; slot < 2500; slot += 3) {
    index_->remove(slot);
    other->remove(slot);
  }
  append(*index_, more);
  append(*other, more, 50);
  test::MemorySections whole, sliced;
  index_->save(whole);
  other->save(sliced);
  EXPECT_EQ(whole.all(), sliced.all());
}

}  // namespace
}  // namespace corsac::index

#include "collection/calibration.h"

#include <gtest/gtest.h>

namespace corsac::collection {
namespace {

Curve steps() {
  return {.vectors = 1000, .queries = 100, .points = {{10, 0.5f}, {20, 0.75f}, {40, 1.0f}}};
}

Calibration with(CurveKind kind) {
  Calibration out;
  out.set(kind, steps());
  return out;
}

TEST(Curve, GivesTheWidthBetweenTwoPointsInProportion) {
  EXPECT_EQ(steps().ef_for(0.1), 10u);
  EXPECT_EQ(steps().ef_for(0.5), 10u);
  EXPECT_EQ(steps().ef_for(0.625), 15u);
  EXPECT_EQ(steps().ef_for(0.76), 21u) << "rounded up";
  EXPECT_EQ(steps().ef_for(1.0), 40u);
}

TEST(Curve, GivesItsWidestWhenNoPointReachesTheRecall) {
  const Curve low{.vectors = 10, .queries = 1, .points = {{10, 0.5f}, {20, 0.6f}}};
  EXPECT_EQ(low.ef_for(0.99), 20u);
}

TEST(Curve, TellsWhatAWidthReaches) {
  EXPECT_FLOAT_EQ(static_cast<float>(steps().recall_of(15)), 0.625f);
  EXPECT_FLOAT_EQ(static_cast<float>(steps().recall_of(4)), 0.5f);
  EXPECT_FLOAT_EQ(static_cast<float>(steps().recall_of(400)), 1.0f);
}

TEST(Calibration, AsksForMoreWhereMoreIsPromised) {
  for (const CurveKind kind : {CurveKind::Own, CurveKind::Sample}) {
    std::uint32_t before = 0;
    for (const double recall : {0.5, 0.8, 0.9, 0.95, 0.99, 0.999}) {
      const std::uint32_t ef = with(kind).ef_for(recall, 10);
      EXPECT_GE(ef, before);
      before = ef;
    }
  }
}

TEST(Calibration, GoesWiderForMoreHits) {
  EXPECT_EQ(with(CurveKind::Sample).ef_for(0.9, 5), with(CurveKind::Sample).ef_for(0.9, 10));
  EXPECT_EQ(with(CurveKind::Sample).ef_for(0.9, 100), 10 * with(CurveKind::Sample).ef_for(0.9, 10));
}

TEST(Calibration, PrefersASampleToTheOwnVectors) {
  Calibration both = with(CurveKind::Own);
  const std::uint32_t own = both.ef_for(0.6, 10);
  both.set(CurveKind::Sample, steps());
  EXPECT_LT(both.ef_for(0.6, 10), own) << "without the margin for queries of another kind";
}

TEST(Calibration, KnowsNothingBeforeItIsMeasured) {
  EXPECT_EQ(Calibration().ef_for(0.9, 10), 0u);
  EXPECT_TRUE(Calibration().is_stale(1));
}

TEST(Calibration, IsStaleWhenTheCollectionDoubledOrHalved) {
  const Calibration own = with(CurveKind::Own);
  EXPECT_FALSE(own.is_stale(1000));
  EXPECT_FALSE(own.is_stale(2000));
  EXPECT_TRUE(own.is_stale(2001));
  EXPECT_FALSE(own.is_stale(500));
  EXPECT_TRUE(own.is_stale(499));
  EXPECT_FALSE(with(CurveKind::Sample).is_stale(100'000)) << "only its user can measure it again";
}

TEST(Calibration, ReadsBackWhatItWrites) {
  const Calibration own = with(CurveKind::Own);
  ByteWriter out;
  own.encode(out);
  const Result<Calibration> read = Calibration::decode(out.view());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_TRUE(read->curve(CurveKind::Sample).empty());
  EXPECT_EQ(read->curve(CurveKind::Own).vectors, 1000u);
  ASSERT_EQ(read->curve(CurveKind::Own).points.size(), 3u);
  EXPECT_EQ(read->curve(CurveKind::Own).points[1].ef, 20u);
  EXPECT_EQ(read->curve(CurveKind::Own).points[1].recall, 0.75f);
  EXPECT_TRUE(Calibration::decode({})->empty());
}

TEST(Calibration, RefusesDamage) {
  ByteWriter out;
  with(CurveKind::Own).encode(out);
  const Bytes whole(out.view().begin(), out.view().end());
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_FALSE(Calibration::decode(ByteView(whole).first(size)).has_value()) << size;
  for (const Curve& bad : {Curve{1, 1, {{0, 0.5f}}}, Curve{1, 1, {{70'000, 0.5f}}},
                           Curve{1, 1, {{20, 0.5f}, {20, 0.6f}}},
                           Curve{1, 1, {{20, 0.5f}, {30, 0.4f}}}, Curve{1, 1, {{20, 1.5f}}}}) {
    ByteWriter each;
    encode_curve(bad, each);
    ByteReader in(each.view());
    EXPECT_FALSE(decode_curve(in).has_value());
  }
}

}  // namespace
}  // namespace corsac::collection

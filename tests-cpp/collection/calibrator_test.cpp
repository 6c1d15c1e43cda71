#include "collection/calibrator.h"

#include <gtest/gtest.h>

#include <limits>

#include "collection/writing.h"
#include "support/sections.h"
#include "support/vectors.h"

namespace corsac::collection {
namespace {

constexpr std::size_t kDimension = 24;

Form filled(std::size_t count, index::Kind kind) {
  CollectionOptions options;
  options.dimension = kDimension;
  options.has_text = options.auto_index = false;
  options.index.kind = kind;
  options.index.codec = index::CodecKind::Sq8;
  Form form = *Form::create(options);
  form.index->begin_append(corsac::test::random_vectors(count, kDimension, 3));
  for (Budget budget; !form.index->step(budget);) {
  }
  return form;
}

Curve measured(const Form& form, std::vector<float> sample, std::uint64_t slice) {
  Calibrator calibrator(form, std::move(sample));
  for (Budget budget{slice}; !calibrator.step(form, budget); budget = Budget{slice}) {
  }
  return calibrator.curve(form);
}

double recall_at(const Form& form, std::span<const float> queries, std::size_t ef) {
  std::size_t right = 0;
  const std::size_t count = queries.size() / kDimension;
  for (std::size_t q = 0; q < count; ++q) {
    const auto query = queries.subspan(q * kDimension, kDimension);
    const auto exact = form.index->search({.vector = query, .k = 10, .force_scan = true});
    const auto found = form.index->search({.vector = query, .k = 10, .ef = ef});
    for (const Hit& hit : found->hits) right += hit.score >= exact->hits.back().score;
  }
  return static_cast<double>(right) / static_cast<double>(count * 10);
}

TEST(Calibrator, PredictsTheRecallOfQueriesOfItsKind) {
  const Form form = filled(2000, index::Kind::Hnsw);
  const auto queries = corsac::test::random_vectors(150, kDimension, 4);
  const Curve sample = measured(form, queries, 100'000);
  const Curve own = measured(form, {}, 100'000);
  for (const std::uint32_t ef : {14u, 28u, 56u}) {
    EXPECT_NEAR(sample.recall_of(ef), recall_at(form, queries, ef), 0.005) << ef;
    EXPECT_LT(own.recall_of(ef), recall_at(form, queries, ef) + 0.02)
        << ef << ": a stored vector with itself left out is no easier than a new one";
  }
  EXPECT_EQ(own.vectors, 2000u);
  EXPECT_EQ(own.queries, kOwnQueries);
}

TEST(Calibrator, MeasuresTheSameInAnySlices) {
  const Form form = filled(2000, index::Kind::Hnsw);
  const Curve whole = measured(form, {}, 1'000'000'000), sliced = measured(form, {}, 1);
  ASSERT_EQ(whole.points.size(), sliced.points.size());
  for (std::size_t i = 0; i < whole.points.size(); ++i) {
    EXPECT_EQ(whole.points[i].ef, sliced.points[i].ef);
    EXPECT_EQ(whole.points[i].recall, sliced.points[i].recall);
  }
}

TEST(Calibrator, FindsExactSearchPerfectAtOnce) {
  const Curve curve = measured(filled(300, index::Kind::Flat), {}, 1'000'000);
  ASSERT_EQ(curve.points.size(), 1u);
  EXPECT_EQ(curve.points[0].recall, 1);
}

TEST(Calibrator, EndsInACollectionWithoutNeighbours) {
  EXPECT_EQ(measured(filled(0, index::Kind::Hnsw), {}, 10).points.size(), 1u);
  EXPECT_EQ(measured(filled(1, index::Kind::Hnsw), {}, 10).points.size(), 1u);
}

Collection graph_of(std::size_t count) {
  Collection out =
      test::collection_of(R"({"dimension":24,"index":{"kind":"hnsw","codec":"sq8"},"text":false})");
  const auto vectors = corsac::test::random_vectors(count, kDimension, 5);
  std::vector<test::Doc> docs;
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = corsac::test::row_of(vectors, i, kDimension);
    docs.push_back({.id = std::to_string(i),
                    .content = {},
                    .metadata = {},
                    .vector = {row.begin(), row.end()}});
  }
  test::apply(out, test::write_bytes(WriteMode::Upsert, docs));
  return out;
}

void calibrate(Collection& to) {
  ASSERT_TRUE(to.begin_calibration({}).has_value());
  for (Budget budget; !to.step_calibration(budget).finished;) {
  }
  test::apply(to, to.finish_calibration());
}

TEST(Calibrator, ACollectionKeepsWhatItMeasured) {
  Collection before = graph_of(1200);
  EXPECT_TRUE(before.needs_calibration());
  EXPECT_EQ(before.target(0.95f).ef, 0u);
  calibrate(before);
  EXPECT_FALSE(before.needs_calibration());
  const Collection::Target target = before.target(0.95f);
  EXPECT_GT(target.ef, 10u);
  EXPECT_GE(target.recall, 0.95);
  EXPECT_EQ(target.queries, kOwnQueries);

  corsac::test::MemorySections sections;
  before.save(sections);
  const auto loaded = Collection::load(before.options(), sections);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->target(0.95f).ef, target.ef);
  EXPECT_FALSE(loaded->needs_calibration());
}

TEST(Calibrator, ACompactionKeepsWhatWasMeasured) {
  Collection collection = graph_of(600);
  calibrate(collection);
  const std::uint32_t ef = collection.target(0.9f).ef;
  test::remove(collection, {"7", "8"});
  collection.begin_maintenance(Maintenance::Compaction);
  for (bool finished = false; !finished;) {
    Budget budget;
    const auto step = collection.step_maintenance(budget);
    ASSERT_FALSE(step.failed.has_value());
    ASSERT_TRUE(step.originals.empty());
    finished = step.finished;
  }
  collection.finish_maintenance();
  EXPECT_EQ(collection.target(0.9f).ef, ef);
}

TEST(Calibrator, ASearchFollowsItsTargetUnlessItNamesAWidth) {
  Collection collection = graph_of(1500);
  calibrate(collection);
  const auto vector = corsac::test::random_vectors(1, kDimension, 6);
  const auto examined = [&](float target, std::size_t ef) {
    SearchRequest request;
    request.vector = vector;
    request.ef = ef;
    request.target_recall = target;
    return collection.search(request)->examined;
  };
  EXPECT_EQ(examined(0.9f, 0), examined(0, collection.target(0.9f).ef));
  EXPECT_EQ(examined(0.9f, 12), examined(0, 12));
  SearchRequest wrong;
  wrong.vector = vector;
  wrong.target_recall = 1;
  EXPECT_EQ(collection.search(wrong).error().code, ErrorCode::InvalidArgument);
}

TEST(Calibrator, RefusesASampleThatItCannotAsk) {
  Collection collection = graph_of(20);
  EXPECT_EQ(collection.begin_calibration(std::vector<float>(kDimension + 1)).error().code,
            ErrorCode::DimensionMismatch);
  std::vector<float> sample(2 * kDimension, 1.0f);
  sample.back() = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(collection.begin_calibration(sample).error().code, ErrorCode::InvalidArgument);
  Collection texts = test::collection_of(R"({"dimension":0,"index":false,"text":{}})");
  EXPECT_EQ(texts.begin_calibration({}).error().code, ErrorCode::InvalidQuery);
  EXPECT_FALSE(texts.needs_calibration());
}

}  // namespace
}  // namespace corsac::collection

#include "collection/rebuild.h"

#include <gtest/gtest.h>

#include "collection/hosting.h"
#include "collection/writing.h"
#include "support/vectors.h"

namespace corsac::collection {
namespace {

using corsac::test::MemorySections;
using test::Doc;

constexpr std::size_t kDimension = 12;
constexpr std::string_view kFlat = R"({"dimension":12,"text":false,"index":{"kind":"flat"}})";
constexpr std::string_view kPq =
    R"({"dimension":12,"index":{"kind":"flat","codec":"pq","subvectors":4,"rerank":"none"}})";

std::string index_of(std::string_view index) {
  return R"({"dimension":12,"index":)" + std::string(index) + "}";
}

const std::vector<float>& vectors() {
  static const std::vector<float> all = corsac::test::clustered_vectors(3000, kDimension, 10, 1, 2);
  return all;
}

Bytes batch(std::size_t first, std::size_t end) {
  std::vector<Doc> docs;
  for (std::size_t i = first; i < end; ++i) {
    const auto row = corsac::test::row_of(vectors(), i, kDimension);
    docs.push_back({"d" + std::to_string(i), {}, {}, {row.begin(), row.end()}});
  }
  return test::write_bytes(WriteMode::Insert, docs);
}

Collection filled(std::string_view options, std::size_t count, MemorySections& stored) {
  Collection out = test::collection_of(options);
  test::apply(out, batch(0, count));
  out.save(stored);
  return out;
}

void rebuild(Collection& of, const MemorySections& stored, const std::string& json,
             std::vector<float> sample = {}, std::uint64_t units = ~std::uint64_t{0}) {
  const Status begun = of.begin_rebuild(json, std::move(sample));
  ASSERT_TRUE(begun.has_value()) << begun.error().message;
  while (!test::step_maintenance(of, stored, units)) {
  }
  of.finish_maintenance();
}

float nearest(const Collection& of, std::size_t i) {
  SearchRequest request;
  request.vector = corsac::test::row_of(vectors(), i, kDimension);
  request.k = 1;
  const auto found = of.search(request);
  EXPECT_TRUE(found.has_value() && found->hits.size() == 1);
  EXPECT_EQ(of.id(found->hits[0].ordinal), "d" + std::to_string(i));
  return found->hits[0].score;
}

auto sections(Collection& of) {
  MemorySections out;
  of.save(out);
  return out.all();
}

TEST(Rebuild, AnotherIndexFromTheOriginalsWhileWritesGoOn) {
  const std::string graph = index_of(R"({"kind":"hnsw","codec":"sq8","m":8})");
  const auto rebuilt = [&](std::uint64_t units) {
    MemorySections stored;
    Collection collection = filled(kFlat, 900, stored);
    EXPECT_TRUE(collection.begin_rebuild(graph, {}).has_value());
    test::step_maintenance(collection, stored, units);
    test::remove(collection, {"d3"});
    test::apply(collection, batch(900, 1000), units);
    while (!test::step_maintenance(collection, stored, units)) {
    }
    collection.finish_maintenance();
    return collection;
  };
  Collection collection = rebuilt(~std::uint64_t{0});
  EXPECT_EQ(collection.options().index.kind, index::Kind::Hnsw);
  EXPECT_EQ(collection.options().index.m, 8u);
  EXPECT_EQ(collection.stats().vectors, 999u);
  EXPECT_FALSE(collection.has("d3"));
  for (std::size_t i = 4; i < 1000; i += 83) nearest(collection, i);
  const auto saved = sections(collection);
  Collection sliced = rebuilt(3000);
  EXPECT_EQ(sections(sliced), saved);
}

TEST(Rebuild, TheCollectionOpensWithTheOptionsItHasNow) {
  MemorySections stored;
  Collection collection = filled(kFlat, 200, stored);
  rebuild(collection, stored, index_of(R"({"kind":"hnsw","codec":"sq4","build":"sequential"})"));
  collection.save(stored);
  auto loaded = Collection::load(test::options_of(kFlat), stored);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(write_options(loaded->options()), write_options(collection.options()));
  EXPECT_EQ(loaded->options().index.build, index::Build::Sequential);
  EXPECT_EQ(nearest(*loaded, 9), nearest(collection, 9));
  // A compaction keeps them.
  test::maintain(*loaded, stored, Maintenance::Compaction);
  loaded->save(stored);
  auto again = Collection::load(test::options_of(kFlat), stored);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(again->options().index.codec, index::CodecKind::Sq4);
  stored.bytes(SectionId::Meta)[80] = std::byte{'!'};
  auto damaged = Collection::load(test::options_of(kFlat), stored);
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code, ErrorCode::Corrupt);
}

TEST(Rebuild, CodesLearnFromASampleAndKeepWhatTheyLearnt) {
  MemorySections stored;
  Collection collection = filled(kPq, 500, stored);
  const float exact = nearest(collection, 9);
  const std::vector<float> sample(vectors().begin(), vectors().begin() + 400 * kDimension);
  rebuild(collection, stored, std::string(kPq), sample, 5000);
  collection.save(stored);
  EXPECT_EQ(stored.bytes(SectionId::Codes).size(), 500u * 4);
  const Bytes codebook = stored.bytes(SectionId::Codebook);
  SearchRequest request;
  request.vector = corsac::test::row_of(vectors(), 9, kDimension);
  EXPECT_NE(collection.search(request)->hits[0].score, exact);
  test::remove(collection, {"d1"});
  test::apply(collection, batch(500, 600));
  test::maintain(collection, stored, Maintenance::Compaction);
  collection.save(stored);
  EXPECT_EQ(stored.bytes(SectionId::Codebook), codebook);
  EXPECT_EQ(stored.bytes(SectionId::Codes).size(), 599u * 4);
  rebuild(collection, stored, index_of(R"({"kind":"hnsw","codec":"pq","subvectors":4})"));
  collection.save(stored);
  EXPECT_EQ(stored.bytes(SectionId::Codebook), codebook);
  rebuild(collection, stored, index_of(R"({"kind":"flat","codec":"pq","subvectors":6})"));
  collection.save(stored);
  EXPECT_TRUE(stored.bytes(SectionId::Codebook).empty());
}

TEST(Rebuild, ACalibrationStaysWithItsIndex) {
  MemorySections stored;
  Collection collection = filled(R"({"dimension":12,"index":{"kind":"hnsw"}})", 300, stored);
  ASSERT_TRUE(collection.begin_calibration({}).has_value());
  for (Budget budget; !collection.step_calibration(budget).finished;) budget = {};
  test::apply(collection, collection.finish_calibration());
  EXPECT_FALSE(collection.needs_calibration());
  test::maintain(collection, stored, Maintenance::Compaction);
  EXPECT_FALSE(collection.needs_calibration());
  rebuild(collection, stored, index_of(R"({"kind":"hnsw","codec":"sq8"})"));
  EXPECT_TRUE(collection.needs_calibration());
}

TEST(Rebuild, RefusesWhatCannotBeAndChangesNothing) {
  MemorySections stored;
  const auto refusal = [&](std::string_view options, const std::string& json,
                           std::vector<float> sample = {}) {
    Collection collection = filled(options, options == kFlat ? 20 : 0, stored);
    const Status begun = collection.begin_rebuild(json, std::move(sample));
    EXPECT_FALSE(begun.has_value());
    EXPECT_FALSE(collection.maintaining());
    return begun ? "" : std::string(name(begun.error().code)) + ": " + begun.error().message;
  };
  EXPECT_EQ(refusal(R"({"index":false})", index_of(R"({"kind":"flat"})")),
            "invalid_query: the collection has no vectors to search");
  EXPECT_EQ(refusal(kFlat, R"({"dimension":12,"index":false})"),
            "invalid_argument: index must be an object, got false");
  EXPECT_EQ(refusal(kFlat, index_of(R"({"kind":"hnsw","m":2})")),
            "invalid_argument: index.m must be an integer from 4 to 64, got 2");
  EXPECT_EQ(refusal(kFlat, std::string(kFlat), std::vector<float>(12)),
            "invalid_argument: the codec \"f32\" learns nothing: there is nothing to train");
  EXPECT_EQ(refusal(kPq, std::string(kPq), std::vector<float>(13)).substr(0, 18),
            "dimension_mismatch");
}

TEST(Rebuild, WithoutOriginalsAnIndexCannotBecomeFiner) {
  constexpr std::string_view kCoarse =
      R"({"dimension":12,"originals":"none","index":{"kind":"flat","codec":"sq4"}})";
  MemorySections stored;
  Collection collection = filled(kCoarse, 100, stored);
  for (const char* finer : {R"({"kind":"flat"})", R"({"kind":"auto"})",
                            R"({"kind":"flat","codec":"binary","rerank":"f16"})"}) {
    const Status begun = collection.begin_rebuild(index_of(finer), {});
    ASSERT_FALSE(begun.has_value()) << finer;
    EXPECT_EQ(begun.error().code, ErrorCode::InvalidArgument);
    EXPECT_NE(begun.error().message.find("\"sq4\""), std::string::npos) << begun.error().message;
  }
  rebuild(collection, stored, index_of(R"({"kind":"hnsw","codec":"sq8"})"));
  EXPECT_EQ(collection.stats().vectors, 100u);
  nearest(collection, 5);
}

}  // namespace
}  // namespace corsac::collection

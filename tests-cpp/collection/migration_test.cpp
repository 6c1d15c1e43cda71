#include "collection/migration.h"

#include <gtest/gtest.h>

#include "collection/hosting.h"
#include "collection/writing.h"
#include "support/vectors.h"

namespace corsac::collection {
namespace {

using corsac::test::MemorySections;
using test::Doc;

constexpr std::size_t kDimension = 12;
constexpr std::string_view kOptions = R"({"dimension":12,"text":false})";

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

/// Begins with 2,000 vectors, writes more while the new index grows, and finishes.
Collection migrated(std::uint64_t units) {
  Collection out = test::collection_of(kOptions);
  test::apply(out, batch(0, 2000));
  test::remove(out, {"d7"});
  out.begin_maintenance(Maintenance::Migration);
  test::step_maintenance(out, {}, units);
  test::apply(out, batch(2000, 2500), units);
  test::remove(out, {"d8", "d2001"});
  while (!test::step_maintenance(out, {}, units)) {
  }
  test::apply(out, batch(2500, 2600), units);
  out.finish_maintenance();
  return out;
}

TEST(Migration, TheNewIndexHasTheSameSlotsAndLiveVectors) {
  const Collection collection = migrated(~std::uint64_t{0});
  EXPECT_EQ(collection.options().index.kind, index::Kind::Hnsw);
  EXPECT_EQ(collection.options().index.codec, index::CodecKind::Sq8);
  EXPECT_TRUE(collection.options().auto_index);
  EXPECT_FALSE(collection.maintaining());
  EXPECT_EQ(collection.stats().vectors, 2597u);
  std::size_t found_itself = 0;
  for (std::size_t i = 0; i < 2600; i += 13) {
    if (i == 7 || i == 8 || i == 2001) continue;
    SearchRequest request;
    request.vector = corsac::test::row_of(vectors(), i, kDimension);
    request.k = 3;
    const auto found = collection.search(request);
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(found->hits.size(), 3u);
    for (const ScoredDocument& hit : found->hits)
      found_itself += collection.id(hit.ordinal) == "d" + std::to_string(i) ? 1 : 0;
  }
  EXPECT_GE(found_itself, 195u);
}

TEST(Migration, TheNewIndexDependsOnTheOperationsAlone) {
  const auto sections = [](Collection of) {
    MemorySections out;
    of.save(out);
    return out.all();
  };
  const auto whole = sections(migrated(~std::uint64_t{0}));
  EXPECT_EQ(sections(migrated(5000)), whole);
}

TEST(Migration, IsRememberedBesideTheOptionsOfTheCatalog) {
  Collection collection = test::collection_of(kOptions);
  test::apply(collection, batch(0, 100));
  MemorySections stored;
  collection.save(stored);
  test::maintain(collection, stored, Maintenance::Migration);
  collection.save(stored);
  auto loaded = Collection::load(test::options_of(kOptions), stored);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->options().index.kind, index::Kind::Hnsw);
  EXPECT_EQ(loaded->count(nullptr), 100u);
  EXPECT_EQ(stored.bytes(SectionId::Originals).size(), 100u * kDimension * sizeof(float));
  test::apply(*loaded, batch(100, 120));
  loaded->save(stored);
  EXPECT_TRUE(Collection::load(test::options_of(kOptions), stored).has_value());
}

TEST(Migration, IsDuePastTheThresholdOfAnAutomaticIndexOnly) {
  for (const char* options : {R"({"dimension":1,"text":false})",
                              R"({"dimension":1,"text":false,"index":{"kind":"flat"}})"}) {
    Collection collection = test::collection_of(options);
    std::vector<Doc> docs;
    for (std::size_t i = 0; i <= kAutoThreshold; ++i)
      docs.push_back({"d" + std::to_string(i), {}, {}, {1}});
    const Doc last = docs.back();
    docs.pop_back();
    test::apply(collection, test::write_bytes(WriteMode::Insert, docs));
    EXPECT_EQ(collection.due(), std::nullopt);
    test::apply(collection, test::write_bytes(WriteMode::Insert, std::vector{last}));
    EXPECT_EQ(collection.due().has_value(), collection.options().auto_index);
  }
}

TEST(Migration, CanBeAbandoned) {
  Collection collection = test::collection_of(kOptions);
  test::apply(collection, batch(0, 50));
  collection.begin_maintenance(Maintenance::Migration);
  test::step_maintenance(collection, {}, 10);
  collection.abandon_maintenance();
  EXPECT_FALSE(collection.maintaining());
  EXPECT_EQ(collection.options().index.kind, index::Kind::Flat);
  test::apply(collection, batch(50, 60));
  EXPECT_EQ(collection.count(nullptr), 60u);
}

}  // namespace
}  // namespace corsac::collection

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
/// An automatic index that has been quantised already: what it moves to next is a graph.
constexpr std::string_view kQuantised =
    R"({"dimension":12,"text":false,"index":{"kind":"auto","today":"flat","codec":"sq8"}})";

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
  Collection out = test::collection_of(kQuantised);
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
  Collection collection = test::collection_of(kQuantised);
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

TEST(Migration, IsDuePastTheThresholdsOfAnAutomaticIndexOnly) {
  for (const char* options : {R"({"dimension":1,"text":false})",
                              R"({"dimension":1,"text":false,"index":{"kind":"flat"}})"}) {
    Collection collection = test::collection_of(options);
    MemorySections stored;
    std::size_t count = 0;
    const auto grow_to = [&](std::size_t total) {
      std::vector<Doc> docs;
      for (; count < total; ++count) docs.push_back({"d" + std::to_string(count), {}, {}, {1}});
      test::apply(collection, test::write_bytes(WriteMode::Insert, docs));
    };
    const bool automatic = collection.options().auto_index;
    grow_to(kAutoQuantised);
    EXPECT_EQ(collection.due(), std::nullopt);
    grow_to(kAutoQuantised + 1);
    EXPECT_EQ(collection.due().has_value(), automatic);
    if (!automatic) continue;
    test::maintain(collection, stored, Maintenance::Migration);
    EXPECT_EQ(collection.options().index.kind, index::Kind::Flat);
    EXPECT_EQ(collection.options().index.codec, index::CodecKind::Sq8);
    grow_to(kAutoGraph);
    EXPECT_EQ(collection.due(), std::nullopt);
    grow_to(kAutoGraph + 1);
    EXPECT_EQ(collection.due(), Maintenance::Migration);
  }
}

TEST(Migration, GoesAsFarAsTheIndexHasGrown) {
  const index::IndexOptions exact;
  EXPECT_EQ(grown(exact, kAutoGraph).kind, index::Kind::Flat);
  EXPECT_EQ(grown(exact, kAutoGraph).codec, index::CodecKind::Sq8);
  EXPECT_EQ(grown(exact, kAutoGraph + 1).kind, index::Kind::Hnsw);
  EXPECT_EQ(grown(grown(exact, kAutoGraph), 1).kind, index::Kind::Hnsw);
  EXPECT_FALSE(has_outgrown(grown(exact, kAutoGraph + 1), 1'000'000));
}

TEST(Migration, QuantisedCodesMoveIntoTheGraphWithoutAnotherStepOfLoss) {
  Collection collection = test::collection_of(kQuantised);
  test::apply(collection, batch(0, 300));
  std::vector<std::vector<float>> before;
  for (Ordinal ordinal = 0; ordinal < 300; ++ordinal)
    before.push_back(collection.stored_vector(ordinal));
  MemorySections stored;
  collection.save(stored);
  const Bytes codes = stored.bytes(SectionId::Codes);
  test::maintain(collection, stored, Maintenance::Migration);
  collection.save(stored);
  EXPECT_EQ(stored.bytes(SectionId::Codes), codes);
  for (Ordinal ordinal = 0; ordinal < 300; ++ordinal) {
    const std::vector<float> after = collection.stored_vector(ordinal);
    for (std::size_t i = 0; i < kDimension; ++i)
      EXPECT_NEAR(after[i], before[ordinal][i], 4e-3) << ordinal;  // One step of a code.
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

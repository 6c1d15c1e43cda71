#include "collection/compaction.h"

#include <gtest/gtest.h>

#include "collection/hosting.h"
#include "collection/writing.h"
#include "support/texts.h"
#include "support/vectors.h"

namespace corsac::collection {
namespace {

using corsac::test::MemorySections;
using test::Doc;
using test::Ids;

constexpr std::string_view kOptions = R"({"dimension":4,"index":{"kind":"flat"}})";

Doc doc(std::size_t i) {
  const float x = static_cast<float>(i);
  return {"d" + std::to_string(i),
          corsac::test::random_text(300, i),
          R"({"n":)" + std::to_string(i) + "}",
          {x, 1, 2, 3}};
}

Collection written(std::string_view options, std::size_t count) {
  Collection out = test::collection_of(options);
  std::vector<Doc> docs;
  for (std::size_t i = 0; i < count; ++i) docs.push_back(doc(i));
  test::apply(out, test::write_bytes(WriteMode::Insert, docs));
  return out;
}

Ids all_ids(const Collection& of) {
  Ids out;
  for (const Ordinal ordinal : of.list(nullptr, kNoOrdinal, 1'000'000))
    out.emplace_back(of.id(ordinal));
  return out;
}

TEST(Compaction, LiveDocumentsKeepTheirOrderAndTheDeletedOnesAreGone) {
  Collection collection = written(kOptions, 500);
  MemorySections stored;
  collection.save(stored);
  for (std::size_t i = 0; i < 500; i += 2) test::remove(collection, {"d" + std::to_string(i)});
  test::upsert(collection, {doc(1)});
  const Ids before = all_ids(collection);
  test::maintain(collection, stored, Maintenance::Compaction, 100);
  EXPECT_EQ(all_ids(collection), before);
  EXPECT_EQ(collection.stats().deleted, 0u);
  EXPECT_EQ(collection.stats().documents, 250u);
  EXPECT_EQ(collection.find("d3"), 0u);
  EXPECT_EQ(collection.find("d1"), 249u);
  collection.save(stored);
  EXPECT_EQ(stored.bytes(SectionId::Originals).size(), 250u * 16);
  auto loaded = Collection::load(test::options_of(kOptions), stored);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(all_ids(*loaded), before);
  EXPECT_EQ(test::read(*loaded, stored, 0).content, doc(3).content);
  EXPECT_EQ(test::read(*loaded, stored, 249).metadata, doc(1).metadata);
}

TEST(Compaction, WritesOfTheMeantimeAreInBothForms) {
  Collection collection = written(kOptions, 400);
  MemorySections stored;
  collection.save(stored);
  test::remove(collection, {"d0", "d1"});
  collection.begin_maintenance(Maintenance::Compaction);
  test::step_maintenance(collection, stored, 50);
  test::remove(collection, {"d2", "d399"});                      // one copied already, one not yet
  test::upsert(collection, {doc(3), {"new", "zebra", {}, {}}});  // likewise
  Doc kept = doc(398);
  kept.vector.clear();
  kept.keep_vectors = true;
  kept.metadata = R"({"n":-1})";
  test::upsert(collection, {kept});
  const Ids before = all_ids(collection);
  EXPECT_EQ(collection.count(nullptr), 397u);
  while (!test::step_maintenance(collection, stored, 200)) {
    if (collection.has("late")) continue;
    EXPECT_EQ(all_ids(collection), before);
    collection.save(stored);  // a checkpoint in between: what was in memory is on disk now
    test::upsert(collection, {{"late", "late", {}, {0, 0, 0, 1}}});
    test::remove(collection, {"late"});
    test::upsert(collection, {{"late", "late", {}, {0, 0, 0, 1}}});
  }
  const Ids after = all_ids(collection);
  test::upsert(collection, {{"later", "later", {}, {}}});
  collection.finish_maintenance();
  Ids expected = after;
  expected.push_back("later");
  EXPECT_EQ(all_ids(collection), expected);
  EXPECT_EQ(collection.stored_vector(*collection.find("d398")).size(), 4u);
  SearchRequest request;
  request.mode = Mode::Text;
  request.text = "zebra";
  EXPECT_EQ(test::ids(collection, collection.search(request)), Ids{"new"});
  MemorySections fresh;
  collection.save(fresh);
  EXPECT_TRUE(Collection::load(test::options_of(kOptions), fresh).has_value());
}

TEST(Compaction, WhatComesOutDoesNotDependOnSlicesOrOnWhereDocumentsWere) {
  const auto compacted = [](std::uint64_t units, bool checkpoint) {
    Collection collection =
        written(R"({"dimension":4,"index":{"kind":"hnsw","codec":"sq8"}})", 600);
    MemorySections stored;
    if (checkpoint) collection.save(stored);
    for (std::size_t i = 0; i < 600; i += 3) test::remove(collection, {"d" + std::to_string(i)});
    collection.begin_maintenance(Maintenance::Compaction);
    test::step_maintenance(collection, stored, units);
    test::upsert(collection, {doc(0), doc(1)});
    while (!test::step_maintenance(collection, stored, units)) {
    }
    collection.finish_maintenance();
    MemorySections out;
    collection.save(out);
    return out;
  };
  const MemorySections whole = compacted(~std::uint64_t{0}, true);
  EXPECT_EQ(compacted(10, true).all(), whole.all());
  EXPECT_EQ(compacted(1000, false).all(), whole.all());
}

TEST(Compaction, WithoutOriginalsTheVectorsAreDecoded) {
  Collection collection =
      written(R"({"dimension":4,"metric":"dot","index":{"kind":"flat"},"originals":"none"})", 20);
  MemorySections stored;
  collection.save(stored);
  EXPECT_TRUE(stored.bytes(SectionId::Originals).empty());
  test::remove(collection, {"d0"});
  test::maintain(collection, stored, Maintenance::Compaction);
  EXPECT_EQ(collection.stored_vector(4), (std::vector<float>{5, 1, 2, 3}));
}

TEST(Compaction, OriginalsOfTheWrongLengthOrNotFiniteAreCorrupt) {
  Collection collection = written(kOptions, 3);
  MemorySections stored;
  collection.save(stored);
  collection.begin_maintenance(Maintenance::Compaction);
  const Slot slots[] = {0};
  const std::vector<float> row = {1, 2, std::numeric_limits<float>::quiet_NaN(), 3};
  EXPECT_EQ(
      collection.supply_originals(slots, std::as_bytes(std::span(row)).first(8)).error().message,
      "1 original vectors have 16 bytes, got 8");
  EXPECT_EQ(collection.supply_originals(slots, std::as_bytes(std::span(row))).error().message,
            "original of slot 0: component 2 of the vector is NaN");
  collection.abandon_maintenance();
  EXPECT_FALSE(collection.maintaining());
  EXPECT_EQ(collection.count(nullptr), 3u);
}

TEST(Compaction, AnEmptyCollectionCompactsToAnEmptyOne) {
  Collection collection = written(kOptions, 3);
  test::remove(collection, {"d0", "d1", "d2"});
  test::maintain(collection, {}, Maintenance::Compaction);
  EXPECT_EQ(collection.stats().deleted, 0u);
  EXPECT_EQ(collection.count(nullptr), 0u);
}

TEST(Compaction, IsDueWhenMoreThanThirtyPercentAreDeleted) {
  Collection collection = written(R"({"dimension":4,"text":false})", 1000);
  for (std::size_t i = 0; i < 300; ++i) test::remove(collection, {"d" + std::to_string(i)});
  EXPECT_EQ(collection.due(), std::nullopt);
  test::remove(collection, {"d300"});
  EXPECT_EQ(collection.due(), Maintenance::Compaction);
  collection.begin_maintenance(Maintenance::Compaction);
  EXPECT_EQ(collection.due(), std::nullopt);
}

}  // namespace
}  // namespace corsac::collection

#include <gtest/gtest.h>

#include "collection/form.h"
#include "collection/meta.h"
#include "collection/writing.h"
#include "support/sections.h"

namespace corsac::collection {
namespace {

using corsac::test::MemorySections;
using test::Ids;

constexpr std::string_view kOptions = R"({"dimension":2,"index":{"kind":"flat"}})";

MemorySections saved(std::string_view options = kOptions) {
  Collection collection = test::collection_of(options);
  test::upsert(collection,
               {{"a", "fox", R"({"n":1})", {1, 0}}, {"b", "hare", {}, {0, 1}}, {"c", {}, {}, {}}});
  test::upsert(collection, {{"a", "red fox", R"({"n":2})", {}, true}});
  test::remove(collection, {"b"});
  MemorySections sections;
  collection.save(sections);
  return sections;
}

TEST(FormLoad, WhatWasSavedIsTheSameCollection) {
  const MemorySections sections = saved();
  auto loaded = Collection::load(test::options_of(kOptions), sections);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->count(nullptr), 2u);
  EXPECT_EQ(loaded->find("a"), 3u);
  EXPECT_FALSE(loaded->has("b"));
  SearchRequest request;
  request.mode = Mode::Hybrid;
  const std::vector<float> query = {1, 0};
  request.vector = query;
  request.text = "fox";
  EXPECT_EQ(test::ids(*loaded, loaded->search(request)), Ids{"a"});
  std::vector<float> row(2);
  EXPECT_FALSE(loaded->original_in_memory(0, row));
  const Ordinal wanted[] = {3};
  const auto blocks = loaded->missing_blocks(wanted);
  ASSERT_EQ(blocks.size(), 1u);
  const ByteView documents = sections.section(SectionId::Documents);
  ASSERT_TRUE(
      loaded->supply_block(blocks[0].block, documents.subspan(blocks[0].offset, blocks[0].length))
          .has_value());
  EXPECT_EQ(loaded->read(3)->content, "red fox");
  EXPECT_EQ(loaded->read(3)->metadata, R"({"n":2})");
  MemorySections again = sections;
  loaded->save(again);
  EXPECT_EQ(again.all(), sections.all());
}

TEST(FormLoad, NothingSavedIsAnEmptyCollection) {
  const auto loaded = Collection::load(test::options_of(kOptions), MemorySections());
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->count(nullptr), 0u);
}

TEST(FormLoad, OptionsOfAnotherShapeAreCorruptNotAnotherCollection) {
  const MemorySections sections = saved();
  for (const char* options :
       {R"({"dimension":3,"index":{"kind":"flat"}})",
        R"({"dimension":2,"metric":"dot","index":{"kind":"flat"}})",
        R"({"dimension":2,"index":{"kind":"hnsw"}})", R"({"dimension":2,"index":false})",
        R"({"dimension":2,"index":{"kind":"flat"},"originals":"none"})"}) {
    const auto loaded = Collection::load(test::options_of(options), sections);
    ASSERT_FALSE(loaded.has_value()) << options;
    EXPECT_EQ(loaded.error().code, ErrorCode::Corrupt) << options;
  }
}

TEST(FormLoad, ASectionThatIsMissingOrTruncatedIsAnErrorOrTheSameAnswer) {
  const MemorySections good = saved();
  for (const auto& [id, bytes] : good.all()) {
    if (bytes.empty()) continue;
    for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 64) {
      MemorySections cut = good;
      cut.bytes(id).resize(length);
      const auto loaded = Collection::load(test::options_of(kOptions), cut);
      if (loaded.has_value()) {
        EXPECT_EQ(id, SectionId::Documents)
            << "section " << static_cast<int>(id) << " cut to " << length;
      } else {
        EXPECT_EQ(loaded.error().code, ErrorCode::Corrupt);
      }
    }
  }
}

TEST(FormLoad, FlippedBytesNeverCrash) {
  const MemorySections good = saved(R"({"dimension":2,"index":{"kind":"hnsw","codec":"sq8"}})");
  const CollectionOptions options =
      test::options_of(R"({"dimension":2,"index":{"kind":"hnsw","codec":"sq8"}})");
  const std::vector<float> query = {1, 0};
  SearchRequest request;
  request.mode = Mode::Hybrid;
  request.vector = query;
  request.text = "fox";
  for (const auto& [id, bytes] : good.all()) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      MemorySections flipped = good;
      flipped.bytes(id)[at] ^= std::byte{0x41};
      auto loaded = Collection::load(options, flipped);
      if (!loaded) continue;
      (void)loaded->search(request);
      test::run(*loaded, test::upsert_bytes({{"a", "again", {}, {1, 1}}, {"z", "z", {}, {0, 1}}}));
    }
  }
}

TEST(FormLoad, CountsThatDisagreeBetweenSectionsAreNamed) {
  const MemorySections good = saved();
  const auto with_meta = [&](auto change) {
    MemorySections changed = good;
    auto meta = decode_meta(changed.section(SectionId::Meta));
    change(*meta);
    changed.replace(SectionId::Meta, encode_meta(*meta));
    const auto loaded = Collection::load(test::options_of(kOptions), changed);
    EXPECT_FALSE(loaded.has_value());
    return loaded ? std::string() : loaded.error().message;
  };
  EXPECT_EQ(with_meta([](Meta& m) { m.live = 3; }),
            "section deleted: 2 documents, section meta says 1");
  EXPECT_EQ(with_meta([](Meta& m) { m.ordinals = 100, m.live = 98; }),
            "section deleted: 8 bytes for 100 documents");
  EXPECT_EQ(with_meta([](Meta& m) { m.ordinals = 3, m.live = 1; }),
            "section ids: 3 bytes too many");
  EXPECT_EQ(with_meta([](Meta& m) { m.slots = 1; }),
            "section slots: ordinal 1 has 1 slots from 1 of 1");
  EXPECT_EQ(with_meta([](Meta& m) { m.original_rows = 1; }),
            "section originals: 16 bytes, section meta says 1 rows, there are 2");
  EXPECT_EQ(with_meta([](Meta& m) { m.index.seed = 2; }),
            "section meta: the index it describes is not the one of the options");
}

TEST(FormLoad, AVectorRemovedUnderALiveDocumentIsCorrupt) {
  Collection collection = test::collection_of(kOptions);
  test::upsert(collection, {{"a", {}, {}, {1, 0}}, {"b", {}, {}, {0, 1}}});
  MemorySections live;
  collection.save(live);
  test::remove(collection, {"b"});
  MemorySections sections = live;
  collection.save(sections);
  for (const SectionId id : {SectionId::Meta, SectionId::Deleted}) {
    const ByteView before = live.section(id);
    sections.replace(id, Bytes(before.begin(), before.end()));
  }
  const auto loaded = Collection::load(test::options_of(kOptions), sections);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().message, "the vector of live ordinal 1 is removed");
}

}  // namespace
}  // namespace corsac::collection

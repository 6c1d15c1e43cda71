#include "document/document_store.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/sections.h"
#include "support/texts.h"

namespace corsac::document {
namespace {

struct Given {
  std::optional<std::string> content;
  std::optional<std::string> metadata;
};

// Every combination of absent, empty and present; sizes from nothing to several blocks' worth.
Given document(Ordinal i) {
  Given out;
  if (i % 5 != 0) out.content = i % 7 == 0 ? "" : test::random_text(i * 37 % 3'000, i);
  if (i % 3 != 0) out.metadata = "{\"number\":" + std::to_string(i) + "}";
  return out;
}

void add(DocumentStore& store, const Given& given) {
  store.add(given.content ? std::optional<std::string_view>(*given.content) : std::nullopt,
            given.metadata ? std::optional<std::string_view>(*given.metadata) : std::nullopt);
}

DocumentStore filled(const DocumentStoreOptions& options, Ordinal count) {
  DocumentStore store(options);
  for (Ordinal i = 0; i < count; ++i) add(store, document(i));
  return store;
}

ByteView stored(const test::MemorySections& disk, const BlockRange& range) {
  return disk.section(SectionId::Documents).subspan(range.offset, range.length);
}

void bring(DocumentStore& store, const test::MemorySections& disk,
           std::span<const Ordinal> wanted) {
  for (const BlockRange& range : store.missing(wanted)) {
    const Status status = store.supply(range.block, stored(disk, range));
    ASSERT_TRUE(status.has_value()) << status.error().message;
  }
}

void expect_document(const DocumentStore& store, Ordinal i) {
  const auto view = store.read(i);
  ASSERT_TRUE(view.has_value()) << i << ": " << view.error().message;
  const Given given = document(i);
  EXPECT_EQ(view->has_content, given.content.has_value()) << i;
  EXPECT_EQ(view->content, given.content.value_or("")) << i;
  EXPECT_EQ(view->has_metadata, given.metadata.has_value()) << i;
  EXPECT_EQ(view->metadata, given.metadata.value_or("")) << i;
}

std::vector<Ordinal> all(Ordinal count) {
  std::vector<Ordinal> out(count);
  for (Ordinal i = 0; i < count; ++i) out[i] = i;
  return out;
}

class EveryCodec : public testing::TestWithParam<compress::Codec> {};
INSTANTIATE_TEST_SUITE_P(Codecs, EveryCodec,
                         testing::Values(compress::Codec::None, compress::Codec::Gzip,
                                         compress::Codec::Lz4, compress::Codec::Zstd),
                         [](const auto& given) { return std::string(name(given.param)); });

TEST_P(EveryCodec, WhatWasAddedIsReadBeforeAndAfterSavingAndLoading) {
  const DocumentStoreOptions options{.codec = GetParam(), .block_bytes = 4'000};
  DocumentStore store = filled(options, 300);
  EXPECT_TRUE(store.missing(all(300)).empty()) << "unsaved blocks need nobody";
  for (Ordinal i = 0; i < 300; ++i) expect_document(store, i);

  test::MemorySections disk;
  store.save(disk);
  bring(store, disk, all(300));
  for (Ordinal i = 0; i < 300; ++i) expect_document(store, i);

  auto loaded = DocumentStore::load(options, disk);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->size(), 300u);
  bring(*loaded, disk, all(300));
  for (Ordinal i = 0; i < 300; ++i) expect_document(*loaded, i);
}

TEST(DocumentStore, IsEmptyAtFirstAndWhenNothingWasSaved) {
  test::MemorySections disk;
  DocumentStore store({});
  store.save(disk);
  EXPECT_EQ(disk.length(SectionId::DocumentBlocks), 0u);
  const auto loaded = DocumentStore::load({}, disk);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->size(), 0u);
}

TEST(DocumentStore, SavingTwiceWritesOnlyWhatIsNew) {
  const DocumentStoreOptions options{.block_bytes = 4'000};
  DocumentStore store = filled(options, 100);
  test::MemorySections disk;
  store.save(disk);
  const Bytes first = disk.bytes(SectionId::Documents);
  store.save(disk);
  EXPECT_EQ(disk.bytes(SectionId::Documents), first);
  for (Ordinal i = 100; i < 200; ++i) add(store, document(i));
  store.save(disk);
  const Bytes& second = disk.bytes(SectionId::Documents);
  ASSERT_GT(second.size(), first.size());
  EXPECT_TRUE(std::equal(first.begin(), first.end(), second.begin()));

  auto loaded = DocumentStore::load(options, disk);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  ASSERT_EQ(loaded->size(), 200u);
  bring(*loaded, disk, all(200));
  for (Ordinal i = 0; i < 200; ++i) expect_document(*loaded, i);
}

TEST(DocumentStore, ALoadedStoreGrowsOn) {
  const DocumentStoreOptions options{.block_bytes = 4'000};
  test::MemorySections disk;
  filled(options, 50).save(disk);
  auto store = DocumentStore::load(options, disk);
  ASSERT_TRUE(store.has_value());
  for (Ordinal i = 50; i < 120; ++i) add(*store, document(i));
  bring(*store, disk, all(120));
  for (Ordinal i = 0; i < 120; ++i) expect_document(*store, i);
  store->save(disk);
  auto again = DocumentStore::load(options, disk);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  bring(*again, disk, all(120));
  for (Ordinal i = 0; i < 120; ++i) expect_document(*again, i);
}

TEST(DocumentStore, NamesEachMissingBlockOnceInOrder) {
  const DocumentStoreOptions options{.block_bytes = 4'000};
  test::MemorySections disk;
  filled(options, 200).save(disk);
  auto store = DocumentStore::load(options, disk);
  const Ordinal wanted[] = {199, 0, 100, 1, 100, 199};
  const auto ranges = store->missing(wanted);
  ASSERT_GE(ranges.size(), 3u);
  EXPECT_TRUE(std::is_sorted(ranges.begin(), ranges.end(),
                             [](auto& a, auto& b) { return a.block < b.block; }));
  EXPECT_EQ(std::adjacent_find(ranges.begin(), ranges.end(),
                               [](auto& a, auto& b) { return a.block == b.block; }),
            ranges.end());
  EXPECT_EQ(ranges.front().offset, 0u);
  EXPECT_EQ(ranges.back().offset + ranges.back().length, disk.length(SectionId::Documents));
}

TEST(DocumentStore, ReadingABlockThatWasNotBroughtIsNotFound) {
  test::MemorySections disk;
  filled({}, 20).save(disk);
  const auto store = DocumentStore::load({}, disk);
  const auto view = store->read(3);
  ASSERT_FALSE(view.has_value());
  EXPECT_EQ(view.error().code, ErrorCode::NotFound);
}

TEST(DocumentStore, ABlockOnDiskThatIsDamagedIsRefusedAndMayBeSuppliedAgain) {
  test::MemorySections disk;
  filled({}, 20).save(disk);
  auto store = DocumentStore::load({}, disk);
  const BlockRange range = store->missing(all(20)).front();
  const Bytes good(stored(disk, range).begin(), stored(disk, range).end());
  for (std::size_t bit = 0; bit < good.size() * 8; bit += 5) {
    Bytes damaged = good;
    damaged[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    ASSERT_EQ(store->supply(range.block, damaged).error().code, ErrorCode::Corrupt) << bit;
  }
  for (std::size_t length = 0; length < good.size(); ++length) {
    ASSERT_EQ(store->supply(range.block, ByteView(good).first(length)).error().code,
              ErrorCode::Corrupt)
        << length;
  }
  EXPECT_FALSE(store->read(0).has_value());
  ASSERT_TRUE(store->supply(range.block, good).has_value());
  expect_document(*store, 0);
}

TEST(DocumentStore, ABlockThatDoesNotExistIsNotFound) {
  DocumentStore store = filled({}, 20);
  EXPECT_EQ(store.supply(1'000, {}).error().code, ErrorCode::NotFound);
}

TEST(DocumentStore, NoiseIsStoredAsItIs) {
  const Bytes noise = test::random_bytes(100'000, 1);
  DocumentStore store({.codec = compress::Codec::Zstd});
  store.add(as_text(noise), std::nullopt);
  test::MemorySections disk;
  store.save(disk);
  EXPECT_EQ(disk.length(SectionId::Documents), noise.size() + 8)
      << "the content and its two lengths";
  bring(store, disk, all(1));
  EXPECT_EQ(store.read(0)->content, as_text(noise));
}

TEST(DocumentStore, KeepsTheLargestDocument) {
  const std::string content = test::random_text(kMaxContentBytes, 1);
  const std::string metadata(kMaxMetadataBytes, ' ');
  DocumentStore store({});
  store.add("before", "{}");
  store.add(content, metadata);
  store.add("after", "{}");
  test::MemorySections disk;
  store.save(disk);
  bring(store, disk, all(3));
  EXPECT_EQ(store.read(0)->content, "before");
  EXPECT_EQ(store.read(1)->content, content);
  EXPECT_EQ(store.read(1)->metadata, metadata);
  EXPECT_EQ(store.read(2)->content, "after");
}

TEST(DocumentStore, MemoryIsBoundedByTheCacheAfterSaving) {
  const DocumentStoreOptions options{.block_bytes = 4'000, .cache_bytes = 20'000};
  DocumentStore store = filled(options, 500);
  test::MemorySections disk;
  store.save(disk);
  for (Ordinal i = 0; i < 500; ++i) {
    const Ordinal wanted[] = {i};
    bring(store, disk, wanted);
    expect_document(store, i);
    EXPECT_LT(store.resident_bytes(), 20'000u + 10'000u + 500u * 40u);
  }
}

TEST(DocumentStore, ARequestLargerThanTheCacheIsStillAnswered) {
  const DocumentStoreOptions options{.block_bytes = 4'000, .cache_bytes = 1};
  test::MemorySections disk;
  filled(options, 200).save(disk);
  auto store = DocumentStore::load(options, disk);
  bring(*store, disk, all(200));
  for (Ordinal i = 0; i < 200; ++i) expect_document(*store, i);
  const Ordinal one[] = {0};
  EXPECT_TRUE(store->missing(one).empty()) << "a block that the next request shares is kept";
  const Ordinal other[] = {199};
  EXPECT_EQ(store->missing(other).size(), 1u) << "the others went";
}

TEST(DocumentStore, TheSameDocumentsGiveTheSameBytes) {
  test::MemorySections a;
  test::MemorySections b;
  filled({}, 300).save(a);
  filled({}, 300).save(b);
  EXPECT_EQ(a.all(), b.all());
}

}  // namespace
}  // namespace corsac::document

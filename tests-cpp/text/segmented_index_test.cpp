#include "text/segmented_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "base/checksum.h"
#include "base/random.h"
#include "support/sections.h"
#include "text/segment_merge.h"
#include "text/text_meta.h"

namespace corsac::text {
namespace {

SegmentedIndex make_index() { return SegmentedIndex({}, *Analysis::create({})); }

std::vector<Hit> hits(const TextIndex& index, std::string_view text) {
  const auto result = index.search({.text = text, .k = 1000});
  EXPECT_TRUE(result.has_value());
  return result->hits;
}

TEST(MergePolicy, LeavesFewSegmentsAndRewritesLittle) {
  std::vector<std::uint64_t> sizes;
  std::uint64_t written = 0;
  constexpr std::uint64_t kSaves = 2000, kBytes = 100'000;
  for (std::uint64_t i = 0; i < kSaves; ++i) {
    sizes.push_back(kBytes);
    while (const auto first = first_to_merge(sizes)) {
      std::uint64_t merged = 0;
      for (std::size_t at = *first; at < sizes.size(); ++at) merged += sizes[at];
      sizes.resize(*first);
      sizes.push_back(merged);
      written += merged;
    }
    EXPECT_LE(sizes.size(), 21u);
  }
  EXPECT_LE(written, 6 * kSaves * kBytes);
}

TEST(MergePolicy, LeavesALargeSegmentAlone) {
  const std::vector<std::uint64_t> sizes = {1u << 30, 1000, 1000, 1000, 1000};
  EXPECT_EQ(first_to_merge(sizes), 1u);
  EXPECT_EQ(first_to_merge(std::span(sizes).first(4)), std::nullopt);
}

TEST(SegmentedIndex, WritesOnlyWhatIsNew) {
  SegmentedIndex index = make_index();
  test::MemorySections sections;
  index.add(0, "one");
  index.save(sections);
  const Bytes first(sections.segments(SectionId::TextSegments)[0].bytes.begin(),
                    sections.segments(SectionId::TextSegments)[0].bytes.end());
  const Bytes meta = sections.bytes(SectionId::TextMeta);
  index.save(sections);
  EXPECT_EQ(sections.bytes(SectionId::TextMeta), meta);
  index.add(1, "two");
  index.save(sections);
  const auto segments = sections.segments(SectionId::TextSegments);
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_LT(segments[0].key, segments[1].key);
  EXPECT_TRUE(
      std::equal(first.begin(), first.end(), segments[0].bytes.begin(), segments[0].bytes.end()));
}

TEST(SegmentedIndex, KeepsTheNumberOfSegmentsSmallAndNeverReusesAKey) {
  SegmentedIndex index = make_index();
  test::MemorySections sections;
  std::uint64_t highest = 0;
  for (Ordinal i = 0; i < 200; ++i) {
    index.add(i, "word" + std::to_string(i) + " shared");
    index.save(sections);
    EXPECT_LE(index.sealed_count(), 4u);
    const auto segments = sections.segments(SectionId::TextSegments);
    EXPECT_EQ(segments.size(), index.sealed_count());
    EXPECT_GT(segments.back().key, highest);
    highest = segments.back().key;
  }
  EXPECT_EQ(hits(index, "shared").size(), 200u);
  EXPECT_EQ(hits(index, "word77").size(), 1u);
}

TEST(SegmentedIndex, ForgetsRemovedDocumentsWhenItMerges) {
  SegmentedIndex index = make_index(), expected = make_index();
  test::MemorySections sections;
  for (Ordinal i = 0; i < 100; ++i) index.add(i, "shared word" + std::to_string(i));
  index.save(sections);
  for (Ordinal i = 0; i < 100; ++i) {
    if (i % 2 == 0) index.remove(i);
    if (i % 2 == 1) expected.add(i, "shared word" + std::to_string(i));
  }
  EXPECT_NE(hits(index, "shared"), hits(expected, "shared"));  // They still count in N and df.
  index.save(sections);
  EXPECT_EQ(hits(index, "shared"), hits(expected, "shared"));
  EXPECT_TRUE(hits(index, "word0").empty());
  for (Ordinal i = 0; i < 100; ++i) index.remove(i);
  index.save(sections);
  EXPECT_TRUE(sections.segments(SectionId::TextSegments).empty());
  EXPECT_EQ(index.size(), 100u);
}

TEST(SegmentedIndex, LoadsWhatItSavedAndGoesOn) {
  SegmentedIndex index = make_index();
  test::MemorySections sections;
  index.add(5, "five");
  index.add(9, "nine five");
  index.remove(5);
  index.save(sections);
  auto loaded = load_text_index({}, sections);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ((*loaded)->size(), 10u);
  EXPECT_EQ(hits(**loaded, "five"), hits(index, "five"));
  (*loaded)->add(10, "ten five");
  EXPECT_EQ(hits(**loaded, "five").size(), 2u);
  (*loaded)->save(sections);
  EXPECT_EQ(hits(**load_text_index({}, sections), "five").size(), 2u);
}

TEST(SegmentedIndex, GivesEqualBytesForEqualDocuments) {
  test::MemorySections a, b;
  for (test::MemorySections* sections : {&a, &b}) {
    SegmentedIndex index = make_index();
    Random random(8);
    for (Ordinal i = 0; i < 50; ++i) index.add(i, "w" + std::to_string(random.below(20)));
    if (sections == &a)
      static_cast<void>(index.search({.text = "w", .prefix = true}));  // Reading changes nothing.
    index.save(*sections);
  }
  EXPECT_TRUE(std::ranges::equal(a.segments(SectionId::TextSegments)[0].bytes,
                                 b.segments(SectionId::TextSegments)[0].bytes));
  EXPECT_EQ(a.bytes(SectionId::TextMeta), b.bytes(SectionId::TextMeta));
}

TEST(SegmentedIndex, IsEmptyWhenNothingWasSaved) {
  const test::MemorySections nothing;
  const auto loaded = load_text_index({}, nothing);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ((*loaded)->size(), 0u);
  EXPECT_TRUE(hits(**loaded, "word").empty());
}

// Sections whose bytes can be changed.
struct Saved final : SectionSource {
  Bytes meta;
  std::vector<Bytes> segment_bytes;
  std::vector<std::uint64_t> keys;

  ByteView section(SectionId) const override { return meta; }
  std::vector<SegmentView> segments(SectionId) const override {
    std::vector<SegmentView> out;
    for (std::size_t i = 0; i < keys.size(); ++i) out.push_back({keys[i], segment_bytes[i]});
    return out;
  }
  std::uint64_t length(SectionId) const override { return meta.size(); }
};

Saved small_save() {
  SegmentedIndex index = make_index();
  test::MemorySections sections;
  std::string often;
  for (Ordinal i = 0; i < 150; ++i)
    index.add(i, "often w" + std::to_string(i % 13));  // One list has a directory.
  index.save(sections);
  index.add(150, "last one");
  index.remove(3);
  index.save(sections);
  Saved saved;
  saved.meta = sections.bytes(SectionId::TextMeta);
  for (const SegmentView& segment : sections.segments(SectionId::TextSegments)) {
    saved.keys.push_back(segment.key);
    saved.segment_bytes.emplace_back(segment.bytes.begin(), segment.bytes.end());
  }
  return saved;
}

void expect_refused(const Saved& saved, const std::string& what) {
  const auto loaded = load_text_index({}, saved);
  ASSERT_FALSE(loaded.has_value()) << what;
  EXPECT_TRUE(loaded.error().code == ErrorCode::Corrupt ||
              loaded.error().code == ErrorCode::UnsupportedFormat)
      << what;
}

TEST(NewerIndex, IsAnUnsupportedFormat) {
  const Saved sound = small_save();
  for (const std::size_t field : {4u, 6u}) {  // version; that of the analysis, or features
    for (const bool is_meta : {true, false}) {
      Saved newer = sound;
      Bytes& bytes = is_meta ? newer.meta : newer.segment_bytes[0];
      bytes[field] = std::byte{0x40};
      const std::uint64_t checksum = checksum64(ByteView(bytes).subspan(16));
      std::memcpy(bytes.data() + 8, &checksum, sizeof checksum);
      const auto loaded = load_text_index({}, newer);
      ASSERT_FALSE(loaded.has_value()) << field;
      EXPECT_EQ(loaded.error().code, ErrorCode::UnsupportedFormat) << loaded.error().message;
    }
  }
}

TEST(DamagedIndex, IsRefusedAtEveryTruncation) {
  const Saved sound = small_save();
  ASSERT_TRUE(load_text_index({}, sound).has_value());
  ASSERT_EQ(sound.keys.size(), 2u);
  Saved damaged = sound;
  for (std::size_t size = 0; size < sound.meta.size(); ++size) {
    damaged.meta.assign(sound.meta.begin(), sound.meta.begin() + static_cast<std::ptrdiff_t>(size));
    expect_refused(damaged, "meta of " + std::to_string(size));
  }
  damaged.meta = sound.meta;
  for (std::size_t size = 0; size < sound.segment_bytes[0].size(); ++size) {
    damaged.segment_bytes[0].assign(
        sound.segment_bytes[0].begin(),
        sound.segment_bytes[0].begin() + static_cast<std::ptrdiff_t>(size));
    expect_refused(damaged, "segment of " + std::to_string(size));
  }
}

TEST(DamagedIndex, IsRefusedAtEveryFlippedBit) {
  const Saved sound = small_save();
  Saved damaged = sound;
  for (std::size_t bit = 0; bit < sound.meta.size() * 8; ++bit) {
    damaged.meta[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    expect_refused(damaged, "meta, bit " + std::to_string(bit));
    damaged.meta[bit / 8] = sound.meta[bit / 8];
  }
  Bytes& bytes = damaged.segment_bytes[0];
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    expect_refused(damaged, "segment, bit " + std::to_string(bit));
    bytes[bit / 8] = sound.segment_bytes[0][bit / 8];
  }
}

TEST(DamagedIndex, IsRefusedWhenSegmentsAreMissingSurplusOrSwapped) {
  const Saved sound = small_save();
  Saved damaged = sound;
  damaged.keys.pop_back();
  damaged.segment_bytes.pop_back();
  expect_refused(damaged, "missing");
  damaged = sound;
  damaged.keys.push_back(99);
  damaged.segment_bytes.push_back(sound.segment_bytes[0]);
  expect_refused(damaged, "surplus");
  damaged = sound;
  std::swap(damaged.segment_bytes[0], damaged.segment_bytes[1]);
  expect_refused(damaged, "swapped");
  damaged = sound;
  damaged.meta.clear();
  expect_refused(damaged, "no description");
  EXPECT_FALSE(load_text_index({.language = "none"}, sound).has_value());
}

// A checksum that fits proves nothing about the rest.
TEST(DamagedIndex, NeverCrashesASearchThoughItsChecksumFits) {
  const Saved sound = small_save();
  Saved damaged = sound;
  Bytes& bytes = damaged.segment_bytes[0];
  for (std::size_t bit = 16 * 8; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    const std::uint64_t checksum = checksum64(ByteView(bytes).subspan(16));
    std::memcpy(bytes.data() + kSegmentChecksumAt, &checksum, sizeof checksum);
    if (const auto loaded = load_text_index({}, damaged)) {
      for (const bool prefix : {false, true}) {
        for (const Operator op : {Operator::Or, Operator::And}) {
          static_cast<void>((*loaded)->search({.text = "w1 w2 often", .op = op, .prefix = prefix}));
        }
      }
      test::MemorySections sections;
      for (Ordinal i = 0; i < 150; i += 2) (*loaded)->remove(i);
      (*loaded)->save(sections);
    }
    bytes[bit / 8] = sound.segment_bytes[0][bit / 8];
  }
}

}  // namespace
}  // namespace corsac::text

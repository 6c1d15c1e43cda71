#include "text/posting_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/random.h"
#include "text/bit_block.h"
#include "text/packed_postings.h"

namespace corsac::text {
namespace {

TEST(BitBlock, UnpacksWhatItPackedAtEveryWidth) {
  Random random(1);
  for (std::uint32_t bits = 0; bits <= 32; ++bits) {
    std::uint32_t values[kBlockSize], back[kBlockSize];
    for (std::uint32_t& value : values)
      value = bits == 0 ? 0 : static_cast<std::uint32_t>(random.next() >> (64 - bits));
    EXPECT_LE(bits_needed(values), bits);
    std::vector<std::byte> packed(packed_bytes(bits) + 1);  // One more, at an odd address.
    pack_block(values, bits, packed.data() + 1);
    unpack_block(packed.data() + 1, bits, back);
    EXPECT_TRUE(std::equal(values, values + kBlockSize, back)) << bits << " bits";
  }
}

struct List {
  std::vector<Posting> postings;
  std::vector<std::uint16_t> lengths;
  std::uint32_t span;
};

List random_list(std::uint32_t count, std::uint32_t gap, std::uint64_t seed) {
  Random random(seed);
  List list;
  std::uint32_t document = static_cast<std::uint32_t>(random.below(gap));
  for (std::uint32_t i = 0; i < count; ++i) {
    list.postings.push_back(
        {document, 1 + static_cast<std::uint32_t>(random.below(random.below(4) == 0 ? 300 : 3))});
    document += 1 + static_cast<std::uint32_t>(random.below(gap));
  }
  list.span = document;
  for (std::uint32_t i = 0; i < list.span; ++i)
    list.lengths.push_back(static_cast<std::uint16_t>(1 + random.below(2000)));
  return list;
}

std::vector<std::byte> packed(const List& list) {
  std::vector<std::byte> bytes;
  append_postings(bytes, list.postings, LengthView(list.lengths.data()));
  return bytes;
}

std::vector<Posting> read_all(PostingReader reader) {
  std::vector<Posting> out;
  PostingBlock block;
  while (reader.next(block)) {
    for (std::uint32_t i = 0; i < block.count; ++i)
      out.push_back({block.documents[i], block.frequencies[i]});
  }
  return out;
}

void expect_equal(const std::vector<Posting>& actual, const std::vector<Posting>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_EQ(actual[i].document, expected[i].document);
    EXPECT_EQ(actual[i].frequency, expected[i].frequency);
  }
}

TEST(PackedPostings, ReadBackEveryLengthAroundABlock) {
  for (const std::uint32_t count : {1u, 2u, 127u, 128u, 129u, 255u, 256u, 257u, 1000u}) {
    for (const std::uint32_t gap : {1u, 3u, 40u}) {
      const List list = random_list(count, gap, count + gap);
      const auto bytes = packed(list);
      expect_equal(read_all(PostingReader(bytes, count, list.span)), list.postings);
    }
  }
}

TEST(PackedPostings, SkipToTheBlockOfADocument) {
  const List list = random_list(2000, 5, 9);
  const auto bytes = packed(list);
  for (std::size_t target = 0; target < list.postings.size(); target += 37) {
    const std::uint32_t document = list.postings[target].document;
    PostingReader reader(bytes, 2000, list.span);
    reader.skip_to(document);
    PostingBlock block;
    ASSERT_TRUE(reader.next(block));
    EXPECT_LE(block.documents[0], document);
    EXPECT_GE(block.documents[block.count - 1], document);
  }
  PostingReader reader(bytes, 2000, list.span);
  reader.skip_to(list.span);
  PostingBlock block;
  EXPECT_FALSE(reader.next(block));
}

TEST(PackedPostings, BoundEveryPostingOfABlockByAnImpact) {
  const List list = random_list(1000, 4, 11);
  const auto bytes = packed(list);
  for (std::size_t i = 0; i < list.postings.size(); ++i) {
    BlockEntry entry;
    std::memcpy(&entry, bytes.data() + i / kBlockSize * sizeof entry, sizeof entry);
    const Posting& posting = list.postings[i];
    const bool covered =
        std::any_of(entry.impacts.begin(), entry.impacts.end(), [&](const Impact& impact) {
          return (impact.frequency == 255 || impact.frequency >= posting.frequency) &&
                 length_of_code(impact.length) <= list.lengths[posting.document];
        });
    EXPECT_TRUE(covered) << "posting " << i;
  }
}

TEST(LengthCode, RoundsDownAndAscends) {
  std::uint8_t last = 0;
  for (std::uint32_t length = 0; length <= kMaxLength; ++length) {
    const std::uint8_t code = length_code(length);
    EXPECT_LE(length_of_code(code), length);
    EXPECT_GE(static_cast<double>(length_of_code(code)) * 1.125, length);
    EXPECT_GE(code, last);
    if (length < 16) {
      EXPECT_EQ(length_of_code(code), length);
    }
    last = code;
  }
}

TEST(PackedPostings, NeverLeaveTheSegmentWhenDamaged) {
  const List list = random_list(300, 6, 5);
  const auto sound = packed(list);
  Random random(2);
  for (std::size_t bit = 0; bit < sound.size() * 8; ++bit) {
    auto bytes = sound;
    bytes[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    for (const Posting& posting : read_all(PostingReader(bytes, 300, list.span))) {
      ASSERT_LT(posting.document, list.span);
      ASSERT_GT(posting.frequency, 0u);
    }
  }
  for (std::size_t size = 0; size < sound.size(); ++size) {
    const auto read = read_all(PostingReader(std::span(sound).first(size), 300, list.span));
    EXPECT_LE(read.size(), list.postings.size());
  }
}

TEST(GrowingList, FollowsItsLinks) {
  // Chunks of 2, 3 and 4 slots: 1 + 2 + 3 postings.
  const std::vector<Posting> pool = {{7, 1}, {4, 3}, {0, 0},  {0, 0},  {8, 2},  {9, 3},
                                     {8, 4}, {0, 0}, {11, 4}, {12, 5}, {13, 6}, {0, 0}};
  const GrowingList list{0, 2, 6};
  expect_equal(read_all(PostingReader(list, pool.data())),
               {{7, 1}, {8, 2}, {9, 3}, {11, 4}, {12, 5}, {13, 6}});
}

}  // namespace
}  // namespace corsac::text

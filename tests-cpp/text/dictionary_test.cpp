#include "text/dictionary.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/random.h"

namespace corsac::text {
namespace {

struct Stored {
  std::map<std::string, TermEntry> entries;
  Bytes offsets, blocks;
  Dictionary dictionary() const {
    return {offsets, blocks, static_cast<std::uint32_t>(entries.size())};
  }
};

Stored random_dictionary(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  Stored stored;
  while (stored.entries.size() < count) {
    std::string term;
    for (std::uint64_t left = 1 + random.below(9); left > 0; --left)
      term.push_back(static_cast<char>('a' + random.below(4)));
    stored.entries[term] = {};
  }
  DictionaryWriter writer;
  std::uint64_t offset = 0;
  for (auto& [term, entry] : stored.entries) {
    entry = {static_cast<std::uint32_t>(1 + random.below(1000)), offset, random.below(5000)};
    writer.add(term, entry.documents, entry.posting_bytes);
    offset += entry.posting_bytes;
  }
  stored.offsets.assign(writer.offsets().begin(), writer.offsets().end());
  stored.blocks.assign(writer.blocks().begin(), writer.blocks().end());
  return stored;
}

TEST(Dictionary, FindsEveryTermAndNoOther) {
  for (const std::size_t count : {1u, 15u, 16u, 17u, 500u}) {
    const Stored stored = random_dictionary(count, count);
    const Dictionary dictionary = stored.dictionary();
    for (const auto& [term, entry] : stored.entries) {
      const TermEntry found = dictionary.find(term);
      EXPECT_EQ(found.documents, entry.documents);
      EXPECT_EQ(found.posting_offset, entry.posting_offset);
      EXPECT_EQ(found.posting_bytes, entry.posting_bytes);
      for (const std::string& other : {term + "a", term.substr(1), "\x01" + term, term + "\xFF"}) {
        if (stored.entries.contains(other)) continue;
        EXPECT_EQ(dictionary.find(other).documents, 0u) << other;
      }
    }
  }
  EXPECT_EQ(Dictionary().find("a").documents, 0u);
}

TEST(Dictionary, ReadsAllTermsInOrder) {
  const Stored stored = random_dictionary(300, 4);
  TermCursor cursor = stored.dictionary().begin();
  for (const auto& [term, entry] : stored.entries) {
    ASSERT_TRUE(cursor.next());
    EXPECT_EQ(cursor.term(), term);
    EXPECT_EQ(cursor.entry().posting_offset, entry.posting_offset);
  }
  EXPECT_FALSE(cursor.next());
}

TEST(Dictionary, StartsNearATermNotAfterIt) {
  const Stored stored = random_dictionary(300, 5);
  for (const std::string text : {"", "a", "bcd", "ccc", "zzz"}) {
    TermCursor cursor = stored.dictionary().near(text);
    const auto expected = stored.entries.lower_bound(text);
    std::size_t read = 0;
    while (cursor.next() && cursor.term() < text) ++read;
    EXPECT_LE(read, kTermsPerBlock);
    if (expected == stored.entries.end()) continue;
    EXPECT_EQ(cursor.term(), expected->first);
  }
}

TEST(Dictionary, EndsEarlyWhenDamaged) {
  const Stored sound = random_dictionary(40, 6);
  for (std::size_t bit = 0; bit < sound.blocks.size() * 8; ++bit) {
    Stored damaged = sound;
    damaged.blocks[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    TermCursor cursor = damaged.dictionary().begin();
    std::size_t read = 0;
    while (cursor.next()) ++read;
    EXPECT_LE(read, 40u);
    for (const auto& [term, entry] : sound.entries)
      static_cast<void>(damaged.dictionary().find(term));
  }
  for (std::size_t bit = 0; bit < sound.offsets.size() * 8; ++bit) {
    Stored damaged = sound;
    damaged.offsets[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    for (const auto& [term, entry] : sound.entries)
      static_cast<void>(damaged.dictionary().find(term));
  }
}

}  // namespace
}  // namespace corsac::text

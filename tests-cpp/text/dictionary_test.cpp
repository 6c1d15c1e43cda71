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

TEST(Dictionary, SeeksFromTermToTerm) {
  const Stored stored = random_dictionary(300, 5);
  Random random(9);
  for (int round = 0; round < 300; ++round) {
    TermCursor cursor = stored.dictionary().begin();
    auto expected = stored.entries.begin();
    ASSERT_TRUE(cursor.next());
    for (;;) {
      EXPECT_EQ(cursor.term(), expected->first);
      EXPECT_EQ(cursor.entry().posting_offset, expected->second.posting_offset);
      EXPECT_EQ(cursor.entry().documents, expected->second.documents);
      std::string target = expected->first + 'a';
      if (random.below(2) == 0) target[target.size() / 2] = 'd';
      if (target <= expected->first) target = expected->first + 'd';
      if (random.below(3) == 0) {
        ++expected;
        if (!cursor.next()) break;
        continue;
      }
      expected = stored.entries.lower_bound(target);
      if (!cursor.seek(target)) break;
    }
    EXPECT_EQ(expected, stored.entries.end());
  }
}

TEST(Dictionary, KnowsTheBlockOfATermThatSharesItsStartWithMany) {
  DictionaryWriter writer;
  std::vector<std::string> terms;
  for (int i = 100; i < 400; ++i) terms.push_back("samestart" + std::to_string(i));
  for (const std::string& term : terms) writer.add(term, 1, 3);
  const Dictionary dictionary(writer.offsets(), writer.blocks(), writer.term_count());
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    EXPECT_EQ(dictionary.block_of(terms[i], 0), i / kTermsPerBlock);
    EXPECT_EQ(dictionary.find(terms[i]).posting_offset, 3u * i);
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
    TermCursor leaping = damaged.dictionary().begin();
    for (const auto& [term, entry] : sound.entries) {
      if (leaping.term() < term && !leaping.seek(term)) break;
      EXPECT_GE(leaping.term(), term);
    }
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

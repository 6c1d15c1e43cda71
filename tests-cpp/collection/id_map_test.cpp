#include "collection/id_map.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/random.h"
#include "support/sections.h"

namespace corsac::collection {
namespace {

TEST(IdMap, AnIdFindsItsOrdinalAndTheOrdinalItsId) {
  IdMap map;
  EXPECT_EQ(map.find("a"), std::nullopt);
  EXPECT_EQ(map.append("a"), 0u);
  EXPECT_EQ(map.append("b"), 1u);
  EXPECT_EQ(map.find("a"), 0u);
  EXPECT_EQ(map.find("b"), 1u);
  EXPECT_EQ(map.id(0), "a");
  EXPECT_EQ(map.id(1), "b");
  EXPECT_EQ(map.find("c"), std::nullopt);
}

TEST(IdMap, ANewOrdinalTakesTheIdFromTheOldOne) {
  IdMap map;
  map.append("a");
  map.append("a");
  EXPECT_EQ(map.find("a"), 1u);
  EXPECT_EQ(map.id(0), "a");
  map.erase(1);
  EXPECT_EQ(map.find("a"), std::nullopt);
}

TEST(IdMap, AgreesWithAnOrderedMapOverManyRandomChanges) {
  IdMap map;
  std::map<std::string, Ordinal> model;
  Random random(3);
  for (int round = 0; round < 30'000; ++round) {
    const std::string id = "id-" + std::to_string(random.below(3000));
    if (random.below(3) == 0) {
      const auto at = model.find(id);
      if (at != model.end()) {
        map.erase(at->second);
        model.erase(at);
      }
    } else {
      model[id] = map.append(id);
    }
  }
  for (int i = 0; i < 3000; ++i) {
    const std::string id = "id-" + std::to_string(i);
    const auto at = model.find(id);
    ASSERT_EQ(map.find(id), at == model.end() ? std::nullopt : std::optional(at->second)) << id;
  }
}

TEST(IdMap, LoadingWhatWasSavedInTwoTailsIsTheIdentity) {
  IdMap map;
  test::MemorySections sections;
  map.append("a");
  map.append("b");
  map.save(sections);
  map.append("a");
  map.append(std::string(512, 'x'));
  map.save(sections);
  Bitset deleted(4);
  deleted.set(0);
  const auto loaded = IdMap::load(sections, 4, deleted);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->find("a"), 2u);
  EXPECT_EQ(loaded->find("b"), 1u);
  EXPECT_EQ(loaded->find(std::string(512, 'x')), 3u);
  EXPECT_EQ(loaded->id(0), "a");
}

TEST(IdMap, DamagedSectionsAreCorruptAndNeverACrash) {
  IdMap map;
  test::MemorySections good;
  for (const char* id : {"ab", "cd", "ab"}) map.append(id);
  map.save(good);
  const Bitset none(3);
  EXPECT_EQ(IdMap::load(good, 3, none).error().message,
            "section ids: ordinals 0 and 2 have the same id");
  Bitset deleted(3);
  deleted.set(0);
  ASSERT_TRUE(IdMap::load(good, 3, deleted).has_value());

  const Bytes bytes = good.bytes(SectionId::Ids);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    test::MemorySections cut;
    cut.append(SectionId::Ids, ByteView(bytes).first(length));
    const auto loaded = IdMap::load(cut, 3, deleted);
    ASSERT_FALSE(loaded.has_value()) << length;
    EXPECT_EQ(loaded.error().code, ErrorCode::Corrupt);
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    test::MemorySections flipped = good;
    flipped.bytes(SectionId::Ids)[at] ^= std::byte{0x80};
    EXPECT_FALSE(IdMap::load(flipped, 3, deleted).has_value()) << at;
  }
  EXPECT_FALSE(IdMap::load(good, 2, Bitset(2)).has_value());
  EXPECT_FALSE(IdMap::load(good, 1u << 20, Bitset(1u << 20)).has_value());
}

}  // namespace
}  // namespace corsac::collection

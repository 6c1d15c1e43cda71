#include "storage/catalog.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/checksum.h"
#include "storage/root_format.h"
#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

RootPair applied(const std::vector<EffectBatch>& batches) {
  RootPair pair;
  for (const EffectBatch& batch : batches) {
    for (const Effect& effect : batch.effects) {
      if (effect.kind == EffectKind::Root) pair.slots[effect.offset] = effect.bytes;
    }
  }
  return pair;
}

TEST(Catalog, RemembersCollectionsAndNeverReusesAnId) {
  Catalog catalog = Catalog::create(test_uuid(1));
  std::vector<EffectBatch> batches{catalog.begin_epoch()};
  Result<EffectBatch> notes = catalog.add("notes", "{}");
  ASSERT_TRUE(notes);
  EXPECT_TRUE(notes->strict);
  batches.push_back(*notes);
  Result<std::vector<EffectBatch>> removed = catalog.remove("notes", {"1/wal-1", "1/blob-2"});
  ASSERT_TRUE(removed);
  ASSERT_EQ(removed->size(), 2u);
  ASSERT_EQ((*removed)[1].effects.size(), 3u) << "blobs, then the root";
  EXPECT_EQ((*removed)[1].effects[2].name, "1");
  batches.push_back((*removed)[0]);
  batches.push_back(*catalog.add("Füchse 🦊", R"({"dimension":384})"));

  Result<std::optional<Catalog>> opened = Catalog::open(applied(batches), true);
  ASSERT_TRUE(opened);
  ASSERT_TRUE(*opened);
  EXPECT_EQ((*opened)->store(), test_uuid(1));
  EXPECT_EQ((*opened)->epoch(), 1u);
  EXPECT_FALSE((*opened)->degraded());
  ASSERT_EQ((*opened)->entries().size(), 1u);
  const CatalogEntry* entry = (*opened)->find("Füchse 🦊");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->id, 2u);
  EXPECT_EQ(entry->options_json, R"({"dimension":384})");
}

TEST(Catalog, AnHeirTakesNameAndPlaceInOneWrite) {
  Catalog catalog = Catalog::create(test_uuid(1));
  ASSERT_TRUE(catalog.add("notes", "{}"));
  ASSERT_TRUE(catalog.add("others", "{}"));
  std::vector<EffectBatch> batches{*catalog.add("heir", "{ }")};
  EXPECT_EQ(catalog.remove("notes", {}, "nobody").error().code, ErrorCode::NotFound);
  Result<std::vector<EffectBatch>> removed = catalog.remove("notes", {"1/blob-2"}, "heir");
  ASSERT_TRUE(removed);
  EXPECT_EQ((*removed)[1].effects[1].name, "1");
  batches.push_back((*removed)[0]);
  Result<std::optional<Catalog>> opened = Catalog::open(applied(batches), true);
  ASSERT_TRUE(opened && *opened);
  ASSERT_EQ((*opened)->entries().size(), 2u);
  EXPECT_EQ((*opened)->entries()[0].name, "notes");
  EXPECT_EQ((*opened)->entries()[0].id, 3u);
  EXPECT_EQ((*opened)->entries()[0].options_json, "{ }");
  EXPECT_EQ((*opened)->find("heir"), nullptr);
}

TEST(Catalog, RefusesNamesThatCouldBeTricks) {
  Catalog catalog = Catalog::create(test_uuid(1));
  ASSERT_TRUE(catalog.add("a", "{}"));
  EXPECT_EQ(catalog.add("a", "{}").error().code, ErrorCode::AlreadyExists);
  for (const std::string& name :
       {std::string(), std::string(129, 'x'), std::string("a/b"), std::string("a\nb"),
        std::string("\xFF"), std::string("nul\0", 4), std::string("\xC2\x85")}) {
    const Result<EffectBatch> added = catalog.add(name, "{}");
    ASSERT_FALSE(added) << name;
    EXPECT_EQ(added.error().code, ErrorCode::InvalidArgument);
  }
  EXPECT_TRUE(catalog.add("..", "{}")) << "a name never becomes a path";
  EXPECT_EQ(catalog.remove("b", {}).error().code, ErrorCode::NotFound);
  EXPECT_EQ(catalog.add("big", std::string(70'000, ' ')).error().code, ErrorCode::InvalidArgument);
}

TEST(Catalog, ThatSupersedesAnotherIsTheOneThatIsReadFromThenOn) {
  Catalog present = Catalog::create(test_uuid(1));
  std::vector<EffectBatch> batches{present.begin_epoch(), present.begin_epoch(),
                                   present.begin_epoch()};
  Catalog other = Catalog::create(test_uuid(2));
  ASSERT_TRUE(other.add("a", "{}"));
  other.supersede(present);
  batches.push_back(other.begin_epoch());
  const Result<std::optional<Catalog>> opened = Catalog::open(applied(batches), true);
  ASSERT_TRUE(opened && *opened);
  EXPECT_EQ((*opened)->store(), test_uuid(2));
  EXPECT_NE((*opened)->find("a"), nullptr);
  EXPECT_EQ((*opened)->epoch(), 4u) << "above every epoch of both";
}

TEST(Catalog, IsNothingInAnEmptyHomeAndNeverNewBesideBlobs) {
  Result<std::optional<Catalog>> opened = Catalog::open({}, false);
  ASSERT_TRUE(opened);
  EXPECT_FALSE(*opened);
  EXPECT_EQ(Catalog::open({}, true).error().code, ErrorCode::DataLoss);
  RootPair garbage;
  garbage.slots[0] = Bytes(100, std::byte{1});
  EXPECT_EQ(Catalog::open(garbage, true).error().code, ErrorCode::Corrupt);
  opened = Catalog::open(garbage, false);
  ASSERT_TRUE(opened) << "the torn first write of a store without anything in it";
  EXPECT_FALSE(*opened);
}

TEST(Catalog, OfALaterVersionIsRefusedAlsoBesideOneThatCouldBeRead) {
  Catalog catalog = Catalog::create(test_uuid(1));
  const RootPair intact = applied({*catalog.add("a", "{}"), *catalog.add("b", "{}")});
  for (const std::size_t field :
       {root_field::kMajor, root_field::kMinReader, root_field::kIncompatible}) {
    RootPair pair = intact;
    Bytes& bytes = pair.slots[0];
    bytes[field] = std::byte{2};
    const Checksum128 checksum =
        checksum128(ByteView(bytes).first(bytes.size() - kRootChecksumBytes));
    std::memcpy(bytes.data() + bytes.size() - kRootChecksumBytes, &checksum, sizeof checksum);
    const Result<std::optional<Catalog>> opened = Catalog::open(pair, true);
    ASSERT_FALSE(opened) << field;
    EXPECT_EQ(opened.error().code, ErrorCode::UnsupportedFormat);
  }
}

TEST(Catalog, ServesFromTheOtherSlotWhenOneIsDamaged) {
  Catalog catalog = Catalog::create(test_uuid(1));
  const RootPair intact = applied({*catalog.add("a", "{}"), *catalog.add("b", "{}")});
  for (const std::size_t slot : {0u, 1u}) {
    for (std::size_t bit = 0; bit < intact.slots[slot].size() * 8; ++bit) {
      RootPair damaged = intact;
      damaged.slots[slot][bit / 8] ^= std::byte{1} << (bit % 8);
      const Result<std::optional<Catalog>> opened = Catalog::open(damaged, true);
      ASSERT_TRUE(opened && *opened) << bit;
      EXPECT_TRUE((*opened)->degraded());
      EXPECT_NE((*opened)->find("a"), nullptr);
      EXPECT_EQ((*opened)->find("b") != nullptr, slot == 1) << "generation 2 is in slot 0";
    }
  }
}

}  // namespace
}  // namespace corsac::storage

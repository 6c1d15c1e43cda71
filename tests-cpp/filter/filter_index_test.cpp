#include "filter/filter_index.h"

#include <gtest/gtest.h>

#include "base/patched.h"

#include "base/checksum.h"
#include "filter/random_json.h"
#include "support/sections.h"

namespace corsac::filter {
namespace {

std::vector<Json> random_documents(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Json> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(i % 11 == 0 ? Json() : test::random_object(random, 3));
  return out;
}

FilterIndex index_of(const std::vector<Json>& documents, const FilterLimits& limits = {}) {
  FilterIndex index(limits);
  for (std::size_t i = 0; i < documents.size(); ++i)
    index.add(static_cast<Ordinal>(i), documents[i]);
  return index;
}

Bitset by_definition(const Predicate& predicate, const std::vector<Json>& documents) {
  Bitset out(documents.size());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (matches(predicate, documents[i])) out.set(i);
  }
  return out;
}

Predicate parsed(std::string_view filter) {
  auto predicate = parse_predicate(filter);
  EXPECT_TRUE(predicate.has_value()) << predicate.error().message;
  return *std::move(predicate);
}

FilterIndex reopened(FilterIndex& index, corsac::test::MemorySections&& disk = {}) {
  index.save(disk);
  auto loaded = FilterIndex::load(disk);
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  return *std::move(loaded);
}

// Limits that leave everything, some, and nothing to the columns.
class AnyLimits : public testing::TestWithParam<FilterLimits> {};
INSTANTIATE_TEST_SUITE_P(Limits, AnyLimits,
                         testing::Values(FilterLimits{}, FilterLimits{.paths = 20},
                                         FilterLimits{.path_bytes = 3}, FilterLimits{.paths = 0}),
                         [](const auto& given) {
                           return std::to_string(given.param.paths) + "PathsOf" +
                                  std::to_string(given.param.path_bytes);
                         });

TEST_P(AnyLimits, TheColumnsAnswerAsTheDefinitionDoes) {
  std::size_t some = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const std::vector<Json> documents = random_documents(seed * 20, seed);
    FilterIndex index = index_of(documents, GetParam());
    const FilterIndex loaded = reopened(index);
    Random random(seed + 1'000);
    for (int i = 0; i < 300; ++i) {
      const Predicate predicate = test::random_predicate(random, 3);
      const Bitset expected = by_definition(predicate, documents);
      some += expected.count() > 0 && expected.count() < documents.size() ? 1 : 0;
      ASSERT_EQ(index.evaluate(predicate, documents.size()), expected) << seed << ", " << i;
      ASSERT_EQ(loaded.evaluate(predicate, documents.size()), expected)
          << seed << ", " << i << " after loading";
    }
  }
  EXPECT_GT(some, 500u) << "filters that tell documents apart";
}

TEST_P(AnyLimits, AddingAfterLoadingIsAddingAtOnce) {
  const std::vector<Json> documents = random_documents(200, 5);
  FilterIndex at_once = index_of(documents, GetParam());
  FilterIndex in_parts(GetParam());
  corsac::test::MemorySections disk;
  std::size_t patches = 0;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (i % 5 == 0) {
      in_parts = reopened(in_parts, std::move(disk));
      patches += split_patched(disk.section(SectionId::Columns))->patches.size();
    }
    in_parts.add(static_cast<Ordinal>(i), documents[i]);
  }
  EXPECT_GT(patches, 20u) << "only what is new is written";
  Random random(7);
  for (int i = 0; i < 300; ++i) {
    const Predicate predicate = test::random_predicate(random, 3);
    ASSERT_EQ(in_parts.evaluate(predicate, documents.size()),
              at_once.evaluate(predicate, documents.size()));
  }
  EXPECT_EQ(in_parts.size(), at_once.size());
}

TEST(FilterIndex, EveryDamageToAPatchIsAnErrorOrHarmless) {
  corsac::test::MemorySections disk;
  FilterIndex index;
  for (Ordinal i = 0; i < 100; ++i) index.add(i, *parse_json(R"({"lang":"en","year":2000})"));
  index.save(disk);
  const std::size_t base = disk.length(SectionId::Columns);
  index.add(100, *parse_json(R"({"lang":"de"})"));
  index.add(102, *parse_json("{}"));
  index.save(disk);
  const std::size_t whole = disk.length(SectionId::Columns);
  ASSERT_GT(whole, base);
  ASSERT_EQ(FilterIndex::load(disk)->size(), 103u);
  for (std::size_t at = base; at < whole; ++at) {
    corsac::test::MemorySections cut = disk;
    cut.bytes(SectionId::Columns).resize(at);
    EXPECT_EQ(FilterIndex::load(cut).has_value(), at == base) << at;
    corsac::test::MemorySections flipped = disk;
    flipped.bytes(SectionId::Columns)[at] ^= std::byte{0x10};
    EXPECT_FALSE(FilterIndex::load(flipped).has_value()) << at;
  }
}

TEST(FilterIndex, OrdinalsThatWereNeverAddedCountAsEmptyObjects) {
  FilterIndex index;
  index.add(3, *parse_json(R"({"a":1})"));
  index.add(7, *parse_json(R"({"a":2})"));
  EXPECT_EQ(index.size(), 8u);
  EXPECT_EQ(index.evaluate(parsed(R"({"a":{"$exists":true}})"), 20).count(), 2u);
  EXPECT_EQ(index.evaluate(parsed(R"({"a":{"$ne":1}})"), 20).count(), 19u);
  EXPECT_EQ(index.evaluate(parsed("{}"), 20).count(), 20u);
}

TEST(FilterIndex, DocumentsBeyondTheNumberAskedForAreLeftOut) {
  for (const std::uint32_t paths : {0u, 100u}) {
    FilterIndex index({.paths = paths});
    for (Ordinal i = 0; i < 100; ++i)
      index.add(i, *parse_json(R"({"a":1,"b":[1,2],"c":true,"d":"x"})"));
    for (const char* filter : {R"({"a":1})", R"({"b":2})", R"({"c":true})", R"({"d":"x"})",
                               R"({"d":{"$exists":true}})"}) {
      for (std::size_t documents = 0; documents <= 130; documents += 13) {
        const Bitset found = index.evaluate(parsed(filter), documents);
        EXPECT_EQ(found.size(), documents);
        EXPECT_EQ(found.count(), std::min<std::size_t>(documents, 100))
            << filter << " of " << documents;
      }
    }
  }
}

TEST(FilterIndex, AnIndexNeverSavedIsEmpty) {
  const corsac::test::MemorySections disk;
  const auto index = FilterIndex::load(disk);
  ASSERT_TRUE(index.has_value());
  EXPECT_EQ(index->size(), 0u);
  EXPECT_EQ(index->evaluate(parsed(R"({"a":{"$ne":1}})"), 5).count(), 5u);
}

TEST(FilterIndex, LongKeysOverManyChildrenDoNotMultiply) {
  std::vector<JsonMember> children;
  for (int i = 0; i < 5'000; ++i) children.push_back({std::to_string(i), Json::number(i)});
  const std::string long_key(200'000, 'k');
  const Json metadata = Json::object({{long_key, Json::object(std::move(children))}});
  FilterIndex index;
  index.add(0, metadata);
  EXPECT_LT(index.bytes(), 1'000'000u);
  Predicate predicate{
      .op = Op::Eq, .path = long_key + ".77", .operands = {Json::number(77)}, .children = {}};
  EXPECT_EQ(index.evaluate(predicate, 1).count(), 1u);
  predicate.path = long_key + ".78";
  EXPECT_EQ(index.evaluate(predicate, 1).count(), 0u);
}

TEST(FilterIndex, AKeyOfItsOwnInEveryDocumentStaysExactBeyondTheColumns) {
  FilterIndex index({.paths = 50});
  for (Ordinal i = 0; i < 500; ++i) {
    index.add(i, *parse_json("{\"lang\":\"en\",\"scores\":{\"user" + std::to_string(i) +
                             "\":" + std::to_string(i) + "}}"));
  }
  for (const Ordinal i : {0u, 20u, 47u, 48u, 49u, 100u, 499u}) {
    const std::string path = "scores.user" + std::to_string(i);
    const Bitset found = index.evaluate(parsed("{\"" + path + "\":{\"$gte\":0}}"), 500);
    EXPECT_EQ(found.count(), 1u) << path;
    EXPECT_TRUE(found.test(i)) << path;
  }
  EXPECT_EQ(index.evaluate(parsed(R"({"lang":"en"})"), 500).count(), 500u);
}

Bytes small_save() {
  FilterIndex index({.paths = 5});
  index.add(0, *parse_json(R"({"n":1,"s":"fox","t":true})"));
  index.add(1, *parse_json(R"({"n":[2,-3],"s":null,"x":{"y":[]},"z":"beyond"})"));
  index.add(5, *parse_json(R"({"t":false,"s":["fox","den"]})"));
  corsac::test::MemorySections disk;
  index.save(disk);
  return disk.bytes(SectionId::Columns);
}

// Loads bytes and asks everything of them; only the sanitizers and the bounds may object.
Result<std::size_t> load_and_ask(const Bytes& bytes) {
  corsac::test::MemorySections disk;
  disk.replace(SectionId::Columns, bytes);
  auto index = FilterIndex::load(disk);
  if (!index) return index.error();
  std::size_t found = 0;
  for (const char* filter : {R"({"n":{"$gt":0}})", R"({"s":{"$contains":"o"}})", R"({"s":"fox"})",
                             R"({"t":{"$in":[true,false]}})", R"({"z":{"$exists":true}})",
                             R"({"x.y":{"$exists":true}})", R"({"s":{"$isNull":true}})"}) {
    found = found * 8 + index->evaluate(parsed(filter), 7).count();
  }
  index->add(static_cast<Ordinal>(std::min<std::size_t>(index->size(), kNoOrdinal - 1)),
             *parse_json(R"({"n":9,"s":"new","t":true})"));
  return found;
}

TEST(FilterIndexDamage, TruncationAtEveryLengthIsCorrupt) {
  const Bytes good = small_save();
  for (std::size_t length = 1; length < good.size(); ++length) {
    const auto found =
        load_and_ask({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)});
    ASSERT_FALSE(found.has_value()) << length;
    EXPECT_EQ(found.error().code, ErrorCode::Corrupt);
  }
}

TEST(FilterIndexDamage, EveryFlippedBitIsCorrupt) {
  const Bytes good = small_save();
  ASSERT_TRUE(load_and_ask(good).has_value());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes damaged = good;
    damaged[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    const auto found = load_and_ask(damaged);
    ASSERT_FALSE(found.has_value()) << bit;
    EXPECT_EQ(found.error().code, ErrorCode::Corrupt);
  }
}

Bytes with_true_checksum(Bytes bytes) {
  const std::uint64_t checksum =
      checksum64(ByteView(bytes).first(bytes.size() - sizeof(std::uint64_t)));
  std::memcpy(bytes.data() + bytes.size() - sizeof checksum, &checksum, sizeof checksum);
  return bytes;
}

TEST(FilterIndexDamage, BytesMadeUpWithATrueChecksumNeverCrash) {
  const Bytes good = small_save();
  std::size_t refused = 0;
  for (std::size_t at = 0; at + sizeof(std::uint64_t) < good.size(); ++at) {
    for (const unsigned value : {0x00u, 0x01u, 0x02u, 0x7Fu, 0x80u, 0xFFu}) {
      Bytes forged = good;
      forged[at] = static_cast<std::byte>(value);
      refused += load_and_ask(with_true_checksum(forged)).has_value() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, good.size() / 2);
  for (std::size_t cut = 1; cut + 16 < good.size(); ++cut) {
    EXPECT_FALSE(load_and_ask(with_true_checksum(
                                  {good.begin(), good.end() - static_cast<std::ptrdiff_t>(cut)}))
                     .has_value());
  }
}

TEST(FilterIndexDamage, ANewerVersionIsUnsupported) {
  Bytes bytes = small_save();
  bytes[0] = std::byte{9};
  EXPECT_EQ(load_and_ask(with_true_checksum(bytes)).error().code, ErrorCode::UnsupportedFormat);
}

}  // namespace
}  // namespace corsac::filter

#include "collection/validate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "collection/writing.h"
#include "support/sections.h"

namespace corsac::collection {
namespace {

using test::Doc;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Collection small() {
  Collection out = test::collection_of(R"({"dimension":2,"index":{"kind":"flat"}})");
  test::upsert(out, {{"here", "fox", R"({"n":1})", {1, 0}}});
  return out;
}

struct Case {
  WriteMode mode;
  std::vector<Doc> docs;
  ErrorCode code;
  std::string message;
};

std::vector<Case> wrong_writes() {
  const std::string bad_utf8 = "a\xff";
  return {
      {WriteMode::Insert,
       {{"", {}, {}, {}}},
       ErrorCode::InvalidArgument,
       R"(document 0 (id ""): an id has 1 to 512 bytes, got 0)"},
      {WriteMode::Insert,
       {{"ok", {}, {}, {}}, {bad_utf8, {}, {}, {}}},
       ErrorCode::InvalidArgument,
       "document 1 (id of 2 bytes): the id is not valid UTF-8"},
      {WriteMode::Insert,
       {{"a", bad_utf8, {}, {}}},
       ErrorCode::InvalidArgument,
       R"(document 0 (id "a"): the content is not valid UTF-8)"},
      {WriteMode::Insert,
       {{"a", {}, "[1]", {}}},
       ErrorCode::InvalidArgument,
       R"(document 0 (id "a"): metadata must be an object, got an array)"},
      {WriteMode::Insert,
       {{"a", {}, {}, {1, NAN}}},
       ErrorCode::InvalidArgument,
       R"(document 0 (id "a"): component 1 of the vector is NaN)"},
      {WriteMode::Upsert,
       {{"a", {}, {}, {-kInfinity, 0}}},
       ErrorCode::InvalidArgument,
       R"(document 0 (id "a"): component 0 of the vector is -Infinity)"},
      {WriteMode::Upsert,
       {{"a", {}, {}, {0x1p64f, 0}}},
       ErrorCode::InvalidArgument,
       R"(document 0 (id "a"): the vector is longer than 1e18: 18446744073709552000)"},
      {WriteMode::Insert,
       {{"here", {}, {}, {}}},
       ErrorCode::AlreadyExists,
       R"(document 0 (id "here"): there is a document with this id already)"},
      {WriteMode::Insert,
       {{"a", {}, {}, {}}, {"b", {}, {}, {}}, {"a", {}, {}, {}}},
       ErrorCode::AlreadyExists,
       R"(document 2 (id "a"): document 0 of this batch has the same id)"},
      {WriteMode::Insert,
       {{"a", {}, {}, {}, true}},
       ErrorCode::InvalidArgument,
       R"(document 0 (id "a"): an insert has no vectors to keep)"},
      {WriteMode::Upsert,
       {{"here", {}, {}, {1, 2}, true}},
       ErrorCode::InvalidArgument,
       R"(document 0 (id "here"): vectors are both given and to be kept)"},
      {WriteMode::Upsert,
       {{"absent", {}, {}, {}, true}},
       ErrorCode::NotFound,
       R"(document 0 (id "absent"): there is no document with this id whose vectors could be kept)"},
  };
}

TEST(Validate, WrongInputIsATypedErrorWithTheValueAndChangesNothing) {
  Collection collection = small();
  corsac::test::MemorySections sections;
  collection.save(sections);
  const auto before = sections.all();
  for (const Case& each : wrong_writes()) {
    const Status status = test::validated(collection, test::write_bytes(each.mode, each.docs));
    ASSERT_FALSE(status.has_value()) << each.message;
    EXPECT_EQ(status.error().code, each.code) << each.message;
    EXPECT_EQ(status.error().message, each.message);
  }
  collection.save(sections);
  EXPECT_EQ(sections.all(), before);
  EXPECT_TRUE(test::validated(collection, test::write_bytes(WriteMode::Insert,
                                                            std::vector<Doc>{{"a", {}, {}, {}}}))
                  .has_value());
}

TEST(Validate, MetadataPastALimitOrNoJsonIsRefusedWithItsReason) {
  Collection collection = small();
  const std::string deep = R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}";
  for (const std::string& metadata : {std::string("{"), std::string("{} x"),
                                      std::string(R"({"a":NaN})"), std::string("null"), deep}) {
    const Status status =
        test::validated(collection, test::upsert_bytes({{"a", {}, metadata, {}}}));
    ASSERT_FALSE(status.has_value()) << metadata;
    EXPECT_EQ(status.error().code, ErrorCode::InvalidArgument);
    EXPECT_TRUE(status.error().message.starts_with(R"(document 0 (id "a"): metadata)"))
        << status.error().message;
  }
}

TEST(Validate, ALongIdIsShownByItsFirstWholeCharacters) {
  Collection collection = small();
  const Doc doc{std::string(63, 'x') + "\u00e9\u00e9", {}, "1", {}};
  const Status status =
      test::validated(collection, test::write_bytes(WriteMode::Insert, std::vector{doc}));
  EXPECT_EQ(status.error().message, "document 0 (id \"" + std::string(63, 'x') +
                                        "\"...): metadata must be an object, got a number");
}

TEST(Validate, ACollectionWithoutVectorsTakesNone) {
  Collection collection = test::collection_of(R"({"dimension":2,"index":false})");
  EXPECT_EQ(
      test::validated(collection, test::upsert_bytes({{"a", {}, {}, {1, 2}}})).error().message,
      R"(document 0 (id "a"): the collection has no vectors, got 1)");
}

TEST(Validate, SeveralVectorsPerDocumentAreNotAvailableYet) {
  Collection collection = small();
  const std::vector<float> two = {1, 2, 3, 4};
  NewDocument document;
  document.id = "a";
  document.vectors = std::as_bytes(std::span(two));
  document.vector_count = 2;
  Operation operation;
  operation.documents = {document};
  const Status status = collection.validate(operation);
  EXPECT_EQ(
      status.error().message,
      R"(document 0 (id "a"): more than one vector per document is not available yet, got 2)");
  operation.documents[0].vector_count = 1;
  EXPECT_EQ(collection.validate(operation).error().code, ErrorCode::DimensionMismatch);
}

TEST(Validate, WhatWasValidatedCountsUntilItIsForgotten) {
  Collection collection = small();
  const Bytes insert = test::write_bytes(WriteMode::Insert, std::vector<Doc>{{"new", {}, {}, {}}});
  ASSERT_TRUE(test::validated(collection, insert).has_value());
  EXPECT_EQ(test::validated(collection, insert).error().code, ErrorCode::AlreadyExists);
  ASSERT_TRUE(test::validated(collection, test::remove_bytes({"new", "here"})).has_value());
  EXPECT_TRUE(test::validated(collection, insert).has_value());
  EXPECT_EQ(
      test::validated(collection, test::upsert_bytes({{"here", {}, {}, {}, true}})).error().code,
      ErrorCode::NotFound);
  EXPECT_TRUE(collection.has("here"));
  EXPECT_FALSE(collection.has("new"));
  collection.forget_validated();
  EXPECT_TRUE(test::validated(collection, insert).has_value());
  EXPECT_TRUE(
      test::validated(collection, test::upsert_bytes({{"here", {}, {}, {}, true}})).has_value());
}

TEST(Validate, IdsToRemoveMustBeIds) {
  Collection collection = small();
  EXPECT_EQ(test::validated(collection, test::remove_bytes({"a", ""})).error().message,
            R"(id 1 (""): an id is valid UTF-8 of 1 to 512 bytes)");
  EXPECT_EQ(test::validated(collection, test::remove_bytes({"\xff"})).error().message,
            "id 0 (of 1 bytes): an id is valid UTF-8 of 1 to 512 bytes");
  EXPECT_TRUE(test::validated(collection, test::remove_bytes({"absent", "absent"})).has_value());
}

}  // namespace
}  // namespace corsac::collection

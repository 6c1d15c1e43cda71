#include <gtest/gtest.h>

#include "filter/predicate.h"

namespace corsac::filter {
namespace {

std::string refusal(std::string_view filter) {
  const auto predicate = parse_predicate(filter);
  if (predicate) return "accepted";
  EXPECT_EQ(predicate.error().code, ErrorCode::InvalidFilter) << filter;
  return predicate.error().message;
}

TEST(PredicateReader, UnknownOperatorsAreNamedWithTheirPlace) {
  EXPECT_EQ(refusal(R"({"$or":[{"a":1},{"title":{"$regex":"x"}}]})"),
            "filter at $or[1].\"title\": unknown operator \"$regex\", expected one of $eq $ne $gt "
            "$gte $lt $lte $in $nin "
            "$exists $isNull $startsWith $contains");
  EXPECT_EQ(refusal(R"({"$where":"1"})"),
            "filter: unknown operator \"$where\", expected a path or $and $or $not");
  EXPECT_EQ(refusal(R"({"$not":{"$nor":[]}})"),
            "filter at $not: unknown operator \"$nor\", expected a path or $and $or $not");
  EXPECT_EQ(refusal(R"({"$eq":1})"),
            "filter: $eq stands under a path, as in { \"path\": { \"$eq\": ... } }");
  EXPECT_EQ(refusal(R"({"a":{"$not":{"$gt":1}}})"),
            "filter at \"a\": $not stands beside paths and holds whole filters");
  EXPECT_EQ(refusal(R"({"a":{"$GT":1}})").substr(0, 37),
            "filter at \"a\": unknown operator \"$GT\"");
}

TEST(PredicateReader, ObjectsAndArraysAreNoOperands) {
  EXPECT_EQ(refusal(R"({"a":{"b":1}})"),
            "filter at \"a\": expected operators, got the key \"b\"; a nested value has the path "
            "\"a.b\"");
  EXPECT_EQ(refusal(R"({"a":{}})"), "filter at \"a\": an object without operators");
  EXPECT_EQ(refusal(R"({"a":[1,2]})"),
            "filter at \"a\": an array cannot be compared with, use $in or $eq");
  EXPECT_EQ(refusal(R"({"a":{"$eq":{"b":1}}})"),
            "filter at \"a\": $eq takes a scalar, got an object");
  EXPECT_EQ(refusal(R"({"a":{"$gt":[1]}})"), "filter at \"a\": $gt takes a scalar, got an array");
  EXPECT_EQ(refusal(R"({"a":{"$in":[1,[2]]}})"),
            "filter at \"a\": $in takes scalars, got an array");
  EXPECT_EQ(refusal(R"({"a":{"$gt":1,"b":2}})").substr(0, 33),
            "filter at \"a\": expected operators");
}

TEST(PredicateReader, OperandsOfTheWrongKindAreShown) {
  EXPECT_EQ(refusal(R"({"a":{"$in":5}})"), "filter at \"a\": $in takes an array, got 5");
  EXPECT_EQ(refusal(R"({"a":{"$nin":"x"}})"), "filter at \"a\": $nin takes an array, got \"x\"");
  EXPECT_EQ(refusal(R"({"a":{"$exists":1}})"),
            "filter at \"a\": $exists takes true or false, got 1");
  EXPECT_EQ(refusal(R"({"a":{"$isNull":null}})"),
            "filter at \"a\": $isNull takes true or false, got null");
  EXPECT_EQ(refusal(R"({"a":{"$startsWith":1}})"),
            "filter at \"a\": $startsWith takes a string, got 1");
  EXPECT_EQ(refusal(R"({"a":{"$contains":["x"]}})"),
            "filter at \"a\": $contains takes a string, got an array");
  EXPECT_EQ(refusal(R"({"$and":{"a":1}})"),
            "filter at $and: expected an array of filters, got an object");
  EXPECT_EQ(refusal(R"({"$or":[1]})"), "filter at $or[0]: expected an object, got 1");
  EXPECT_EQ(refusal(R"({"$not":[{"a":1}]})"), "filter at $not: expected an object, got an array");
  EXPECT_EQ(refusal("null"), "filter: expected an object, got null");
  EXPECT_EQ(refusal("[]"), "filter: expected an object, got an array");
}

TEST(PredicateReader, TextThatIsNotJsonIsAnInvalidFilter) {
  EXPECT_EQ(refusal("{"), "filter: JSON at byte 1: expected a key in quotes, met the end");
  EXPECT_EQ(refusal(""), "filter: JSON at byte 0: expected a value, met the end");
  EXPECT_EQ(refusal("{\"a\":NaN}"), "filter: JSON at byte 5: expected a value, met 'N'");
}

TEST(PredicateReader, LongNamesAreShortenedAtACharacter) {
  std::string name = "$";
  while (name.size() < 5'000) name += "é";
  const std::string message = refusal("{\"a\":{\"" + name + "\":1}}");
  EXPECT_LT(message.size(), 300u);
  EXPECT_NE(message.find("é...\""), std::string::npos) << message;
}

std::string nested(std::uint32_t depth) {
  std::string out = "{\"a\":1}";
  for (std::uint32_t i = 1; i < depth; ++i) {
    switch (i % 3) {
      case 0: out = "{\"$and\":[" + out + "]}"; break;
      case 1: out = "{\"$or\":[" + out + "]}"; break;
      default: out = "{\"$not\":" + out + "}"; break;
    }
  }
  return out;
}

TEST(PredicateReader, NestsAsDeepAsTheLimitAndNoDeeper) {
  EXPECT_TRUE(parse_predicate(nested(kMaxFilterDepth)).has_value());
  EXPECT_NE(refusal(nested(kMaxFilterDepth + 1)).find("limit of 32"), std::string::npos);
  EXPECT_NE(refusal(nested(5'000)).find("limit of"), std::string::npos);
}

std::string repeated(std::string_view item, std::uint32_t count) {
  std::string out;
  for (std::uint32_t i = 0; i < count; ++i) out.append(i == 0 ? "" : ",").append(item);
  return out;
}

TEST(PredicateReader, TakesAsManyOperandsAsTheLimitAndNoMore) {
  for (const std::string_view item : {"1", "\"x\"", "null"}) {
    EXPECT_TRUE(parse_predicate("{\"a\":{\"$in\":[" + repeated(item, 10'000) + "]}}").has_value());
    EXPECT_NE(refusal("{\"a\":{\"$in\":[" + repeated(item, 10'001) + "]}}").find("limit of 10000"),
              std::string::npos);
  }
  for (const std::string_view item : {"{}", "{\"a\":1}", "{\"$or\":[]}", "{\"$not\":{}}"}) {
    EXPECT_TRUE(parse_predicate("{\"$or\":[" + repeated(item, 10'000) + "]}").has_value()) << item;
    EXPECT_NE(refusal("{\"$or\":[" + repeated(item, 10'001) + "]}").find("limit of 10000"),
              std::string::npos)
        << item;
  }
}

TEST(PredicateReader, AFilterReadFromAValueIsTheOneReadFromText) {
  const auto json = parse_json(R"({"a":{"$gte":1,"$lt":5}})");
  const auto predicate = parse_predicate(*json);
  ASSERT_TRUE(predicate.has_value());
  EXPECT_EQ(predicate->op, Op::And);
  ASSERT_EQ(predicate->children.size(), 2u);
  EXPECT_EQ(predicate->children[0].op, Op::Gte);
  EXPECT_EQ(predicate->children[1].op, Op::Lt);
  EXPECT_EQ(predicate->children[1].path, "a");
  EXPECT_EQ(predicate->children[1].operands.front().as_number(), 5);
}

}  // namespace
}  // namespace corsac::filter

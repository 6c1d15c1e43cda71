// The table of what filters mean: each row is judged by the definition and by the columns.
#include "filter/predicate.h"

#include <gtest/gtest.h>

#include "filter/filter_index.h"

namespace corsac::filter {
namespace {

struct Row {
  const char* filter;
  const char* metadata;
  bool expected;
};

void expect(const Row& row) {
  const auto predicate = parse_predicate(std::string_view(row.filter));
  ASSERT_TRUE(predicate.has_value()) << row.filter << ": " << predicate.error().message;
  const auto metadata = parse_json(row.metadata);
  ASSERT_TRUE(metadata.has_value()) << row.metadata;
  EXPECT_EQ(matches(*predicate, *metadata), row.expected) << row.filter << " on " << row.metadata;

  FilterIndex columns;
  columns.add(0, *metadata);
  EXPECT_EQ(columns.evaluate(*predicate, 1).test(0), row.expected)
      << row.filter << " on " << row.metadata << " by columns";
  FilterIndex no_columns({.paths = 0});
  no_columns.add(0, *metadata);
  EXPECT_EQ(no_columns.evaluate(*predicate, 1).test(0), row.expected)
      << row.filter << " on " << row.metadata << " by text";
}

void expect_all(std::initializer_list<Row> rows) {
  for (const Row& row : rows) expect(row);
}

TEST(Predicate, AMissingFieldSatisfiesOnlyComplements) {
  expect_all({{R"({"a":{"$eq":1}})", "{}", false},
              {R"({"a":{"$gt":1}})", "{}", false},
              {R"({"a":{"$lte":1}})", "{}", false},
              {R"({"a":{"$in":[1]}})", "{}", false},
              {R"({"a":{"$startsWith":""}})", "{}", false},
              {R"({"a":{"$contains":""}})", "{}", false},
              {R"({"a":{"$exists":true}})", "{}", false},
              {R"({"a":{"$isNull":true}})", "{}", false},
              {R"({"a":{"$eq":null}})", "{}", false},
              {R"({"a":{"$ne":1}})", "{}", true},
              {R"({"a":{"$ne":null}})", "{}", true},
              {R"({"a":{"$nin":[1]}})", "{}", true},
              {R"({"a":{"$exists":false}})", "{}", true},
              {R"({"a":{"$isNull":false}})", "{}", true},
              {R"({"$not":{"a":1}})", "{}", true}});
}

TEST(Predicate, MetadataThatIsAbsentCountsAsAnEmptyObject) {
  expect_all(
      {{R"({"a":{"$ne":1}})", "null", true}, {R"({"a":1})", "null", false}, {"{}", "null", true}});
}

TEST(Predicate, EverythingHoldsOfNoConditionsAndNothingOfNoAlternatives) {
  expect_all({{"{}", R"({"a":1})", true},
              {R"({"$and":[]})", R"({"a":1})", true},
              {R"({"$or":[]})", R"({"a":1})", false},
              {R"({"$not":{}})", R"({"a":1})", false},
              {R"({"a":{"$in":[]}})", R"({"a":1})", false},
              {R"({"a":{"$nin":[]}})", R"({"a":1})", true}});
}

TEST(Predicate, NumbersCompareAsInJavaScript) {
  expect_all({{R"({"a":5.0})", R"({"a":5})", true},
              {R"({"a":5})", R"({"a":5.0})", true},
              {R"({"a":500e-2})", R"({"a":5})", true},
              {R"({"a":0})", R"({"a":-0})", true},
              {R"({"a":{"$in":[1,-0]}})", R"({"a":0})", true},
              {R"({"a":{"$gt":-0}})", R"({"a":0})", false},
              {R"({"a":9007199254740993})", R"({"a":9007199254740992})", true},
              {R"({"a":{"$gt":4.5,"$lt":5.5}})", R"({"a":5})", true},
              {R"({"a":{"$gte":5,"$lte":5}})", R"({"a":5})", true},
              {R"({"a":{"$gt":5}})", R"({"a":5})", false},
              {R"({"a":{"$lt":5}})", R"({"a":5})", false},
              {R"({"a":{"$gt":-1e300}})", R"({"a":-1e-300})", true}});
}

TEST(Predicate, StringsCompareByCodePoints) {
  expect_all({{R"({"a":"fox"})", R"({"a":"fox"})", true},
              {R"({"a":"fox"})", R"({"a":"Fox"})", false},
              {R"({"a":{"$gt":"fox"}})", R"({"a":"foxes"})", true},
              {R"({"a":{"$lt":"b"}})", R"({"a":"B"})", true},
              {R"({"a":{"$gt":"z"}})", R"({"a":"é"})", true},
              // As UTF-16 the character beyond the basic plane would come first.
              {R"({"a":{"$gt":"\uffff"}})", R"({"a":"\ud83d\ude00"})", true},
              {R"({"a":{"$gte":""}})", R"({"a":""})", true},
              {R"({"a":{"$gt":""}})", R"({"a":"\u0000"})", true}});
}

TEST(Predicate, KindsAreNeverEqualNorOrdered) {
  expect_all({{R"({"a":"5"})", R"({"a":5})", false},
              {R"({"a":1})", R"({"a":true})", false},
              {R"({"a":0})", R"({"a":null})", false},
              {R"({"a":false})", R"({"a":null})", false},
              {R"({"a":""})", R"({"a":null})", false},
              {R"({"a":{"$lt":"9"}})", R"({"a":5})", false},
              {R"({"a":{"$gt":0}})", R"({"a":"5"})", false},
              {R"({"a":{"$gte":true}})", R"({"a":true})", false},
              {R"({"a":{"$lte":null}})", R"({"a":null})", false},
              {R"({"a":{"$ne":"5"}})", R"({"a":5})", true},
              {R"({"a":{"$in":["5",true,null]}})", R"({"a":5})", false}});
}

TEST(Predicate, BooleansAndNullAreValues) {
  expect_all({{R"({"a":true})", R"({"a":true})", true},
              {R"({"a":true})", R"({"a":false})", false},
              {R"({"a":{"$in":[1,false]}})", R"({"a":false})", true},
              {R"({"a":null})", R"({"a":null})", true},
              {R"({"a":{"$exists":true}})", R"({"a":null})", true},
              {R"({"a":{"$isNull":true}})", R"({"a":null})", true},
              {R"({"a":{"$isNull":false}})", R"({"a":null})", false},
              {R"({"a":{"$isNull":true}})", R"({"a":0})", false},
              {R"({"a":{"$nin":[null]}})", R"({"a":null})", false}});
}

TEST(Predicate, AnArrayMatchesWhenAnyElementDoes) {
  expect_all({{R"({"tags":"fox"})", R"({"tags":["den","fox"]})", true},
              {R"({"tags":"fox"})", R"({"tags":["foxes"]})", false},
              {R"({"tags":{"$ne":"fox"}})", R"({"tags":["den","fox"]})", false},
              {R"({"tags":{"$nin":["fox"]}})", R"({"tags":["den"]})", true},
              {R"({"n":{"$gt":5}})", R"({"n":[1,9]})", true},
              // Each operator may be satisfied by another element.
              {R"({"n":{"$gt":5,"$lt":5}})", R"({"n":[1,9]})", true},
              {R"({"n":9})", R"({"n":[[1],[2,[9]]]})", true},
              {R"({"n":{"$isNull":true}})", R"({"n":[1,null]})", true},
              {R"({"n":1})", R"({"n":[]})", false},
              {R"({"n":{"$exists":true}})", R"({"n":[]})", true},
              {R"({"n":{"$exists":true}})", R"({"n":[[]]})", true},
              {R"({"n":{"$ne":1}})", R"({"n":[]})", true}});
}

TEST(Predicate, APathGoesThroughObjectsAndArraysOfObjects) {
  expect_all({{R"({"a.b":1})", R"({"a":{"b":1}})", true},
              {R"({"a.b.c":1})", R"({"a":{"b":{"c":1}}})", true},
              {R"({"a.b":1})", R"({"a":{"b":{"c":1}}})", false},
              {R"({"a.b":{"$exists":true}})", R"({"a":{"b":{"c":1}}})", true},
              {R"({"a":{"$exists":true}})", R"({"a":{}})", true},
              {R"({"a.b":{"$exists":true}})", R"({"a":{}})", false},
              {R"({"a.b":{"$exists":true}})", R"({"a":5})", false},
              {R"({"a.b":2})", R"({"a":[{"b":1},{"b":2},5]})", true},
              {R"({"a.b":2})", R"({"a":[[{"b":[1,2]}]]})", true},
              {R"({"a.b":{"$ne":2}})", R"({"a":[{"b":1},{"b":2}]})", false}});
}

TEST(Predicate, PositionsInArraysCannotBeAskedFor) {
  expect_all({{R"({"tags.0":"fox"})", R"({"tags":["fox"]})", false},
              {R"({"tags.0":"fox"})", R"({"tags":[{"0":"fox"}]})", true},
              {R"({"tags.length":1})", R"({"tags":["fox"]})", false}});
}

TEST(Predicate, AKeyWithADotAndANestedKeyAreTheSamePath) {
  expect_all({{R"({"a.b":1})", R"({"a.b":1})", true},
              {R"({"a.b":1})", R"({"a.b":1,"a":{"b":2}})", true},
              {R"({"a.b":2})", R"({"a.b":1,"a":{"b":2}})", true},
              {R"({"a.b.c":1})", R"({"a.b":{"c":1}})", true},
              {R"({"a.b.c":1})", R"({"a":{"b.c":1}})", true},
              {R"({"a":{"$exists":true}})", R"({"a.b":1})", false},
              {R"({"a.":1})", R"({"a":{"":1}})", true},
              {R"({"":1})", R"({"":1})", true},
              {R"({".":1})", R"({"":{"":1}})", true},
              {R"({"":1})", R"({"a":1})", false}});
}

TEST(Predicate, OnlyOwnKeysCountWhateverTheirNames) {
  expect_all({{R"({"__proto__":{"$exists":true}})", "{}", false},
              {R"({"constructor":{"$exists":true}})", "{}", false},
              {R"({"constructor.name":"Object"})", "{}", false},
              {R"({"toString":{"$exists":true}})", R"({"a":"x"})", false},
              {R"({"a.length":{"$exists":true}})", R"({"a":"x"})", false},
              {R"({"__proto__":1})", R"({"__proto__":1})", true},
              {R"({"__proto__.polluted":true})", R"({"__proto__":{"polluted":true}})", true},
              {R"({"constructor":"x"})", R"({"constructor":"x"})", true},
              {R"({"hasOwnProperty":{"$ne":1}})", "{}", true}});
}

TEST(Predicate, StartsWithAndContainsLookAtStringsOnly) {
  expect_all({{R"({"a":{"$startsWith":"fo"}})", R"({"a":"fox"})", true},
              {R"({"a":{"$startsWith":"ox"}})", R"({"a":"fox"})", false},
              {R"({"a":{"$contains":"ox"}})", R"({"a":"fox"})", true},
              {R"({"a":{"$contains":""}})", R"({"a":""})", true},
              {R"({"a":{"$contains":"X"}})", R"({"a":"fox"})", false},
              {R"({"a":{"$contains":"1"}})", R"({"a":1})", false},
              {R"({"a":{"$contains":"en"}})", R"({"a":["fox","den"]})", true},
              {R"({"a":{"$startsWith":"é"}})", R"({"a":"école"})", true}});
}

TEST(Predicate, CombinationsNest) {
  expect_all(
      {{R"({"a":1,"b":2})", R"({"a":1,"b":2})", true},
       {R"({"a":1,"b":2})", R"({"a":1,"b":3})", false},
       {R"({"a":{"$gte":1,"$lt":5},"$or":[{"b":1},{"c":{"$exists":true}}]})", R"({"a":4,"c":null})",
        true},
       {R"({"$or":[{"a":1},{"$and":[{"b":2},{"$not":{"c":3}}]}]})", R"({"b":2,"c":4})", true},
       {R"({"$or":[{"a":1},{"$and":[{"b":2},{"$not":{"c":3}}]}]})", R"({"b":2,"c":3})", false},
       {R"({"$not":{"$or":[{"a":1},{"a":2}]}})", R"({"a":3})", true},
       {R"({"$not":{"$not":{"a":1}}})", R"({"a":1})", true},
       {R"({"$not":{"a":{"$gt":5}}})", R"({"a":[1,9]})", false}});
}

}  // namespace
}  // namespace corsac::filter

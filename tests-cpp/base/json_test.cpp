#include "base/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace corsac {
namespace {

std::string rewritten(std::string_view text) {
  const auto json = parse_json(text);
  return json ? write_json(*json) : json.error().message;
}

TEST(Json, WritesWhatItRead) {
  for (const char* text : {"null", "true", "false", "0", "-1.5", "1e+21", "\"\"", "\"fox\"", "[]",
                           "{}", "[1,[2,[]],{}]", R"({"a":{"b":[null,true]},"c":"d"})",
                           R"("\"\\\b\f\n\r\t\u0000\u001f")", "\"é\xF0\x9F\xA6\x8A\x7F\""}) {
    EXPECT_EQ(rewritten(text), text);
  }
}

TEST(Json, WritesEqualValuesAlike) {
  EXPECT_EQ(rewritten(" [ 1.0 , 10e-1 ,\t1\r\n] "), "[1,1,1]");
  EXPECT_EQ(rewritten("-0"), "0");
  EXPECT_EQ(rewritten(R"("\u0041\/\u00e9\ud83e\udd8a")"), "\"A/é\xF0\x9F\xA6\x8A\"");
  EXPECT_EQ(rewritten("1E400"), "JSON at byte 0: a number beyond the range of a double");
  EXPECT_EQ(write_json(Json::number(std::numeric_limits<double>::infinity())), "null");
}

TEST(Json, KeysKeepTheirOrderAndARepeatedKeyItsLastValue) {
  EXPECT_EQ(rewritten(R"({"b":1,"a":2})"), R"({"b":1,"a":2})");
  EXPECT_EQ(rewritten(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
  EXPECT_EQ(rewritten(R"({"a":1,"\u0061":{"a":2},"c":4,"a":5,"c":6})"), R"({"a":5,"c":6})");
}

TEST(Json, HostileNamesAreOrdinaryKeys) {
  const auto json = parse_json(R"({"__proto__":{"x":1},"constructor":2,"":3})");
  ASSERT_TRUE(json.has_value());
  EXPECT_EQ(json->members().size(), 3u);
  EXPECT_EQ(json->find("__proto__")->find("x")->as_number(), 1);
  EXPECT_EQ(json->find("constructor")->as_number(), 2);
  EXPECT_EQ(json->find("")->as_number(), 3);
  EXPECT_EQ(json->find("toString"), nullptr);
  EXPECT_EQ(Json::number(1).find("x"), nullptr);
}

TEST(Json, HasTheTypeThatWasRead) {
  EXPECT_TRUE(parse_json("null")->is(Json::Type::Null));
  EXPECT_TRUE(parse_json("true")->as_boolean());
  EXPECT_EQ(parse_json("12")->as_number(), 12);
  EXPECT_EQ(parse_json("\"a\"")->as_string(), "a");
  EXPECT_EQ(parse_json("[1,2]")->items().size(), 2u);
  EXPECT_TRUE(parse_json("{}")->is(Json::Type::Object));
}

TEST(Json, RefusalsNameTheByteAndWhatStandsThere) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "JSON at byte 0: expected a value, met the end"},
      {"[1,]", "JSON at byte 3: expected a value, met ']'"},
      {"[1 2]", "JSON at byte 3: expected ',' or ']', met '2'"},
      {"{\"a\" 1}", "JSON at byte 5: expected ':', met '1'"},
      {"{a:1}", "JSON at byte 1: expected a key in quotes, met 'a'"},
      {"{\"a\":1,}", "JSON at byte 7: expected a key in quotes, met '}'"},
      {"{\"a\":1", "JSON at byte 6: expected ',' or '}', met the end"},
      {"truth", "JSON at byte 0: expected a value, met 't'"},
      {"1 2", "JSON at byte 2: expected the end, met '2'"},
      {"01", "JSON at byte 1: expected the end, met '1'"},
      {"-", "JSON at byte 1: expected a digit, met the end"},
      {"1.", "JSON at byte 2: expected a digit, met the end"},
      {"1e+", "JSON at byte 3: expected a digit, met the end"},
      {"NaN", "JSON at byte 0: expected a value, met 'N'"},
      {"\"a\nb\"", "JSON at byte 2: expected the end of a string, met byte 10"},
      {"\"\\x\"", "JSON at byte 2: expected an escape, met 'x'"},
      {"\"\\u12g4\"", "JSON at byte 5: expected a hexadecimal digit, met 'g'"},
      {"\"\\ud800\"", "JSON at byte 1: a lone surrogate"},
      {"\"\\udc00\\ud800\"", "JSON at byte 1: a lone surrogate"},
      {"\"\\ud800\\u0041\"", "JSON at byte 1: a lone surrogate"},
      {"\"ab\xFF\"", "JSON at byte 3: malformed UTF-8"},
      {"\xEF\xBB\xBF{}", "JSON at byte 0: expected a value, met byte 239"}};
  for (const auto& [text, message] : rows) {
    const auto json = parse_json(text);
    ASSERT_FALSE(json.has_value()) << text;
    EXPECT_EQ(json.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(json.error().message, message) << text;
  }
}

TEST(Json, TruncationIsRefusedAtEveryLength) {
  const std::string text = R"({"a":[1.5e3,true,null,"\u00e9x"],"b":{"c":"d"}})";
  ASSERT_TRUE(parse_json(text).has_value());
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(parse_json(std::string(text, 0, length)).has_value()) << length;
  }
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, LimitsAreNamedWhenPassed) {
  EXPECT_TRUE(parse_json(nested(32)).has_value());
  EXPECT_EQ(rewritten(nested(33)), "JSON at byte 32: nested deeper than the limit of 32");
  EXPECT_EQ(rewritten(nested(500'000)), "JSON at byte 32: nested deeper than the limit of 32");
  EXPECT_EQ(parse_json("[1,2]", {.bytes = 4}).error().message,
            "JSON of 5 bytes passes the limit of 4");
  EXPECT_TRUE(parse_json("[1,2]", {.bytes = 5}).has_value());
  const JsonLimits two{.keys = 2};
  EXPECT_TRUE(parse_json(R"({"a":{"b":1}})", two).has_value());
  EXPECT_EQ(parse_json(R"({"a":{"b":1},"c":2})", two).error().message,
            "JSON at byte 13: more keys than the limit of 2");
  EXPECT_FALSE(parse_json(R"([{"a":1},{"a":1},{"a":1}])", two).has_value())
      << "of all objects together";
}

TEST(Json, ManyKeysAreReadInTime) {
  std::string text = "{";
  for (int i = 0; i < 10'000; ++i)
    text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i % 5'000) + "\":" + std::to_string(i);
  const auto json = parse_json(text + "}");
  ASSERT_TRUE(json.has_value());
  ASSERT_EQ(json->members().size(), 5'000u);
  EXPECT_EQ(json->members()[7].value.as_number(), 5'007);
}

}  // namespace
}  // namespace corsac

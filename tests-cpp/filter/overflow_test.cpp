#include "filter/overflow.h"

#include <gtest/gtest.h>

namespace corsac::filter {
namespace {

Predicate equals(std::string path, double operand) {
  return {
      .op = Op::Eq, .path = std::move(path), .operands = {Json::number(operand)}, .children = {}};
}

std::uint64_t marked(const Overflow& overflow, const Predicate& predicate) {
  Words words = words_for(64);
  overflow.mark(predicate, 64, words);
  return words[0];
}

TEST(Overflow, FindsPathsWhoseKeysAreEscapedInText) {
  Overflow overflow;
  overflow.add(3, Json::object({{"a\"\n\\.\"", Json::object({{"é\t", Json::number(1)}})}}));
  overflow.add(5, Json::object({{"a\"\n\\.\".é\t", Json::number(1)}}));
  overflow.add(9, Json::object({{"", Json::object({{"", Json::number(1)}})}}));
  EXPECT_EQ(marked(overflow, equals("a\"\n\\.\".é\t", 1)), (1u << 3) + (1u << 5));
  EXPECT_EQ(marked(overflow, equals(".", 1)), 1u << 9);
  EXPECT_EQ(marked(overflow, equals("", 1)), 0u);
}

TEST(Overflow, AValueThatLooksLikeTheKeyIsNotTakenForIt) {
  Overflow overflow;
  overflow.add(0, Json::object({{"x", Json::string("\"key\":1")}}));
  EXPECT_EQ(marked(overflow, equals("key", 1)), 0u);
}

TEST(Overflow, GathersScalarsThroughArraysAndObjects) {
  Overflow overflow;
  overflow.add(2, Json::object({{"a", Json::array({Json::number(1), Json::array({Json::number(2)}),
                                                   Json::object({{"b", Json::number(3)}})})}}));
  overflow.add(7, Json::object({{"a", Json::number(2)}, {"a.b", Json::string("x")}}));
  const Bitset all(64, true);
  Column a, b;
  overflow.gather("a", a);
  overflow.gather("a.b", b);
  const auto of_a = a.commonest(all, 10);
  ASSERT_EQ(of_a.size(), 2u);
  EXPECT_EQ(of_a[0].value.as_number(), 2);
  EXPECT_EQ(of_a[0].documents, 2u);
  EXPECT_EQ(b.commonest(all, 10).size(), 2u);
}

TEST(Overflow, TextThatIsNoObjectFailsTheReader) {
  for (const char* text : {"{", "[]", "1", "", "{}"}) {
    ByteWriter out;
    out.put(std::uint32_t{1});
    out.put(Ordinal{4});
    out.put_text(text);
    ByteReader in(out.view());
    Overflow::load(in, 5);
    EXPECT_EQ(in.finished(), std::string_view(text) == "{}") << text;
    ByteReader beyond(out.view());
    Overflow::load(beyond, 4);
    EXPECT_FALSE(beyond.ok());
  }
}

}  // namespace
}  // namespace corsac::filter

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

#include "filter/column.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bitset.h"

namespace corsac::filter {
namespace {

constexpr std::size_t kDocuments = 100;

// Document i: a number, a string, a boolean, null, an empty object, or nothing.
Column mixed() {
  Column out;
  for (Ordinal i = 0; i < kDocuments; ++i) {
    switch (i % 6) {
      case 0: out.add(i, Json::number(i)); break;
      case 1: out.add(i, Json::string(i < 50 ? "fox" : "den")); break;
      case 2: out.add(i, Json::boolean(i < 50)); break;
      case 3: out.add(i, Json()); break;
      case 4: out.add_presence(i); break;
      default: break;
    }
  }
  return out;
}

std::size_t count(const Column& column, Op op, std::vector<Json> operands) {
  Words words = words_for(kDocuments);
  column.mark(op, operands, kDocuments, words);
  return Bitset::from_words(words, kDocuments).count();
}

void expect_mixed(const Column& column) {
  EXPECT_EQ(count(column, Op::Exists, {}), 84u);
  EXPECT_EQ(count(column, Op::IsNull, {}), 17u);
  EXPECT_EQ(count(column, Op::Eq, {Json()}), 17u);
  EXPECT_EQ(count(column, Op::Eq, {Json::number(6)}), 1u);
  EXPECT_EQ(count(column, Op::Lt, {Json::number(60)}), 10u);
  EXPECT_EQ(count(column, Op::Gte, {Json::string("e")}), 9u);
  EXPECT_EQ(count(column, Op::Contains, {Json::string("e")}), 8u);
  EXPECT_EQ(count(column, Op::Eq, {Json::boolean(true)}), 8u);
  EXPECT_EQ(count(column, Op::In,
                  {Json::boolean(false), Json::string("fox"), Json::number(0), Json::number(12)}),
            9u + 9 + 2);
  EXPECT_EQ(count(column, Op::In, {}), 0u);
}

TEST(Column, KeepsKindsApart) { expect_mixed(mixed()); }

TEST(Column, LoadingGivesBackWhatWasSaved) {
  ByteWriter out;
  mixed().save(out);
  ByteReader in(out.view());
  const Column loaded = Column::load(in, kDocuments);
  ASSERT_TRUE(in.finished());
  expect_mixed(loaded);
  ByteReader beyond(out.view());
  Column::load(beyond, kDocuments - 1);
  EXPECT_FALSE(beyond.ok()) << "the last document has an explicit null";
}

TEST(Column, PresenceIsNotedOnceAndOnlyWithoutAScalar) {
  Column column;
  column.add(0, Json::number(1));
  column.add_presence(0);
  column.add_presence(1);
  column.add_presence(1);
  EXPECT_EQ(count(column, Op::Exists, {}), 2u);
  EXPECT_LT(column.bytes(), sizeof(Column) + 100);
}

TEST(Column, TheCommonestValuesComeFirstAndEachDocumentCountsOnce) {
  Column column;
  for (Ordinal i = 0; i < 10; ++i) {
    column.add(i, Json::string(i < 6 ? "x" : "y"));
    column.add(i, Json::string("x"));
    if (i % 2 == 0) column.add(i, Json::number(7));
    if (i < 3) column.add(i, Json::boolean(i == 0));
    if (i == 9) column.add(i, Json());
  }
  Bitset documents(10, true);
  documents.reset(0);
  std::string said;
  for (const auto& [value, count] : column.commonest(documents, 10))
    said += write_json(value) + ":" + std::to_string(count) + " ";
  EXPECT_EQ(said, "\"x\":9 \"y\":4 7:4 false:2 null:1 ");
  EXPECT_EQ(column.commonest(documents, 2).size(), 2u);
  EXPECT_TRUE(column.commonest(Bitset(10), 10).empty());
  EXPECT_TRUE(Column().commonest(documents, 10).empty());
}

}  // namespace
}  // namespace corsac::filter

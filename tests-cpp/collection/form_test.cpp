#include "collection/form.h"

#include <gtest/gtest.h>

#include "collection/writing.h"
#include "support/sections.h"

namespace corsac::collection {
namespace {

using test::Ids;

Arrival arrival(std::string_view id, std::optional<std::string_view> content = {}) {
  return {.id = id,
          .content = content,
          .metadata = {},
          .parsed_metadata = {},
          .vector_count = 0,
          .keep_vectors = false};
}

TEST(Form, EveryPartTakesEveryDocument) {
  auto form = Form::create(test::options_of("{}"));
  ASSERT_TRUE(form.has_value());
  form->take(arrival("a", "fox"));
  form->take(arrival("b"));
  form->take(arrival("a", "hare"));
  EXPECT_EQ(form->size(), 3u);
  EXPECT_EQ(form->live(), 2u);
  EXPECT_FALSE(form->is_live(0));
  EXPECT_TRUE(form->is_live(2));
  EXPECT_FALSE(form->is_live(3));
  EXPECT_EQ(form->documents.size(), 3u);
  EXPECT_EQ(form->filter.size(), 3u);
  EXPECT_EQ(form->slots.ordinals(), 3u);
  form->drop(2);
  EXPECT_EQ(form->ids.find("a"), std::nullopt);
  EXPECT_EQ(form->live(), 1u);
}

TEST(Form, OptionsThatNoPartAcceptsAreRefused) {
  CollectionOptions options = test::options_of(R"({"dimension":2})");
  options.text.language = "xx";
  EXPECT_EQ(Form::create(options).error().code, ErrorCode::InvalidArgument);
  options.text.language = "en";
  options.index.m = 1;
  EXPECT_EQ(Form::create(options).error().code, ErrorCode::InvalidArgument);
}

TEST(Form, ASecondSaveAddsOnlyWhatIsNew) {
  Collection collection = test::collection_of(R"({"dimension":2})");
  corsac::test::MemorySections sections;
  test::upsert(collection, {{"a", "fox", {}, {1, 0}}});
  collection.save(sections);
  const std::size_t ids = sections.bytes(SectionId::Ids).size(),
                    originals = sections.bytes(SectionId::Originals).size();
  collection.save(sections);
  EXPECT_EQ(sections.bytes(SectionId::Ids).size(), ids);
  EXPECT_EQ(sections.bytes(SectionId::Originals).size(), originals);
  test::upsert(collection, {{"bc", "fox", {}, {1, 0}}});
  collection.save(sections);
  EXPECT_EQ(sections.bytes(SectionId::Ids).size(), ids + 4);
  EXPECT_EQ(sections.bytes(SectionId::Originals).size(), 2 * originals);
}

}  // namespace
}  // namespace corsac::collection

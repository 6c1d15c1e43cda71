#include "base/patched.h"

#include <gtest/gtest.h>

#include <string>

#include "support/sections.h"

namespace corsac {
namespace {

std::string joined(const PatchedContent& content) {
  std::string out(as_text(content.base));
  for (const ByteView patch : content.patches) out += "|" + std::string(as_text(patch));
  return out;
}

TEST(Patched, ABaseAndItsPatchesComeBackInOrder) {
  test::MemorySections disk;
  PatchedSection section(SectionId::Graph);
  EXPECT_FALSE(section.takes(1));
  section.replace(disk, as_byte_view("a base of thirty characters..."));
  EXPECT_TRUE(section.takes(9));
  EXPECT_FALSE(section.takes(10));
  section.patch(disk, as_byte_view("one"));
  section.patch(disk, as_byte_view("three"));
  EXPECT_FALSE(section.takes(2)) << "all patches together count";
  const auto content = split_patched(disk.section(SectionId::Graph));
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(joined(*content), "a base of thirty characters...|one|three");

  PatchedSection loaded(SectionId::Graph);
  loaded.loaded(*content);
  EXPECT_TRUE(loaded.takes(1));
  EXPECT_FALSE(loaded.takes(2));
}

TEST(Patched, ContentWithoutTheMarkIsABaseThatNothingJoins) {
  const auto content = split_patched(as_byte_view("written by version 1.0"));
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(joined(*content), "written by version 1.0");
  PatchedSection section(SectionId::Graph);
  section.loaded(*content);
  EXPECT_FALSE(section.is_stored());
  EXPECT_FALSE(section.takes(1));
}

TEST(Patched, EveryTruncationInsideALengthOrItsContentIsAnError) {
  test::MemorySections disk;
  PatchedSection section(SectionId::Graph);
  section.replace(disk, as_byte_view("0123456789"));
  const std::size_t base = disk.length(SectionId::Graph);
  section.patch(disk, as_byte_view("abc"));
  const ByteView whole = disk.section(SectionId::Graph);
  for (std::size_t length = 4; length < whole.size(); ++length)
    EXPECT_EQ(split_patched(whole.first(length)).has_value(), length == base) << length;
}

}  // namespace
}  // namespace corsac

#include "base/error.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "base/result.h"
#include "support/repository.h"

namespace corsac {
namespace {

TEST(Error, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const ErrorCode code : kAllErrorCodes) names.insert(name(code));
  EXPECT_EQ(names.size(), std::size(kAllErrorCodes));
  EXPECT_EQ(static_cast<std::size_t>(ErrorCode::OutOfMemory) + 1, std::size(kAllErrorCodes))
      << "the last code is listed";
  EXPECT_EQ(name(ErrorCode::DimensionMismatch), "dimension_mismatch");
}

TEST(Error, TypeScriptKnowsEveryName) {
  std::ifstream file(test::repository_root() / "js/errors.ts");
  const std::string source((std::istreambuf_iterator<char>(file)), {});
  ASSERT_FALSE(source.empty());
  for (const ErrorCode code : kAllErrorCodes) {
    EXPECT_NE(source.find("'" + std::string(name(code)) + "'"), std::string::npos) << name(code);
  }
}

TEST(Result, IsAValueOrAnError) {
  Result<std::string> good(std::string("fox"));
  ASSERT_TRUE(good);
  EXPECT_EQ(good->size(), 3u);
  EXPECT_EQ(*std::move(good), "fox");
  const Result<std::string> bad(Error{ErrorCode::NotFound, "no fox"});
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().message, "no fox");
}

}  // namespace
}  // namespace corsac

// The JSON Parsing Test Suite (N. Seriot, github.com/nst/JSONTestSuite): its y_ files are JSON, its
// n_ files are not, and its i_ files are left to the reader.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "base/json.h"
#include "support/shared_data.h"

namespace corsac {
namespace {

TEST(JsonSuite, JsonIsAcceptedAndNothingElse) {
  const std::filesystem::path folder = test::shared_data() / "jsontestsuite" / "test_parsing";
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    files.push_back(entry.path());
  if (error) GTEST_SKIP() << "no JSON test suite at " << folder;
  std::sort(files.begin(), files.end());

  std::size_t counts[3] = {};
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const auto json = parse_json(text);
    const char kind = path.filename().string().front();
    ++counts[kind == 'y' ? 0 : kind == 'n' ? 1 : 2];
    if (kind == 'y') {
      ASSERT_TRUE(json.has_value()) << path << ": " << json.error().message;
    }
    EXPECT_FALSE(kind == 'n' && json.has_value()) << path;
    if (!json) continue;
    const std::string written = write_json(*json);
    const auto again = parse_json(written);
    ASSERT_TRUE(again.has_value()) << path << ": " << written;
    EXPECT_EQ(write_json(*again), written) << path;
  }
  EXPECT_GE(counts[0], 90u);
  EXPECT_GE(counts[1], 180u);
  EXPECT_GE(counts[2], 30u);
}

}  // namespace
}  // namespace corsac

// A store in real files. tests-js/storage/native-store.test.ts has Node read and write the same
// ones.
#include "native/file_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "collection/writing.h"
#include "native/store_questions.h"

namespace corsac::native {
namespace {

namespace fs = std::filesystem;

class FileStores : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("corsac-store-" + std::to_string(getpid()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<FileStore> open() {
    auto store = FileStore::open(folder_.string());
    EXPECT_TRUE(store) << store.error().message;
    return store ? *std::move(store) : nullptr;
  }
  /// The answer without its time.
  static std::string ask(FileStore& store, std::string_view question) {
    const std::string answer = answer_question(store, question);
    if (!answer.starts_with("{\"ms\":")) return answer;
    const std::size_t comma = answer.find(',');
    return comma == std::string::npos ? "{}" : "{" + answer.substr(comma + 1);
  }
  static void fill(FileStore& store) {
    EXPECT_EQ(ask(store, R"({"do":"create","collection":"notes","options":"{\"dimension\":2}"})"),
              "{}");
    EXPECT_EQ(ask(store, R"({"do":"upsert","collection":"notes","documents":[
      {"id":"a","content":"foxes bury food","metadata":{"year":2024},"embedding":[1,0]},
      {"id":"b","content":"bread must rise","embedding":[0,1]}]})"),
              R"({"documents":2})");
  }

  fs::path folder_;
};

TEST_F(FileStores, AnswerTheSameAfterReopening) {
  const auto first = open();
  fill(*first);
  const std::string question =
      R"({"do":"search","collection":"notes","text":"foxes","embedding":[1,0],"k":1})";
  const std::string answer = ask(*first, question);
  EXPECT_NE(answer.find(R"("id":"a")"), std::string::npos) << answer;
  EXPECT_NE(answer.find(R"("content":"foxes bury food")"), std::string::npos) << answer;
  EXPECT_EQ(ask(*first, R"({"do":"close"})"), "{}");
  for (int round = 0; round < 2; ++round) {
    const auto again = open();
    EXPECT_EQ(ask(*again, question), answer);
    EXPECT_EQ(ask(*again, R"({"do":"report","collection":"notes"})"),
              round == 0 ? R"({"outcome":"clean","replayed":1,"documents":2})"
                         : R"({"outcome":"clean","replayed":0,"documents":2})");
    EXPECT_NE(ask(*again, R"({"do":"checkpoint","collection":"notes"})").find("bytes"),
              std::string::npos);
    EXPECT_TRUE(again->close());
  }
}

TEST_F(FileStores, GoOnAfterASessionThatDidNotEnd) {
  {
    const auto first = open();
    fill(*first);
    EXPECT_EQ(ask(*first, R"({"do":"delete","collection":"notes","ids":["a"]})"),
              R"({"documents":1})");
  }  // no close, as if it had been killed
  std::ofstream(folder_ / "1/wal-1.corsac", std::ios::app) << "torn";
  const auto again = open();
  EXPECT_EQ(ask(*again, R"({"do":"report","collection":"notes"})").substr(0, 17),
            R"({"outcome":"torn")");
}

TEST_F(FileStores, SayWhatIsWrong) {
  const auto store = open();
  fill(*store);
  EXPECT_NE(ask(*store, R"({"do":"create","collection":"notes","options":"{\"dimension\":2}"})")
                .find("already_exists"),
            std::string::npos);
  EXPECT_NE(ask(*store, R"({"do":"search","collection":"none","text":"x"})").find("not_found"),
            std::string::npos);
  EXPECT_NE(ask(*store, R"({"do":"search","collection":"notes","embedding":[1,2,3]})")
                .find("dimension_mismatch"),
            std::string::npos);
  EXPECT_NE(ask(*store, "nonsense").find("invalid_argument"), std::string::npos);
}

TEST_F(FileStores, RefuseDamageAndTouchNothing) {
  {
    const auto store = open();
    fill(*store);
    EXPECT_TRUE(store->close());
  }
  fs::remove_all(folder_ / "catalog");
  auto store = FileStore::open(folder_.string());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, "data_loss");
  EXPECT_FALSE(fs::exists(folder_ / "store.lock"));
}

}  // namespace
}  // namespace corsac::native

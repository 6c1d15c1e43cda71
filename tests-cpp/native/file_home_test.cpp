// What the contract of homes (tests-js/storage/byte-store.contract.ts, which runs over this one
// too) cannot see from outside: syncs, the lock file, and what they do when they fail.
#include "native/file_home.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"

namespace corsac::native {
namespace {

namespace fs = std::filesystem;
using storage::Effect;
using storage::EffectBatch;
using storage::EffectKind;

int synced_files = 0, synced_folders = 0;
int count_file(int) { return ++synced_files, 0; }
int count_folder(int) { return ++synced_folders, 0; }
int fail(int) {
  errno = EIO;
  return -1;
}
constexpr Syncing kCounting{&count_file, &count_folder};

class FileHomes : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("corsac-" + std::to_string(getpid()) + "-" + std::string(test->name()));
    fs::remove_all(folder_);
    synced_files = synced_folders = 0;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<FileHome> open(Syncing syncing = system_syncing()) {
    auto home = FileHome::open(folder_.string(), syncing);
    EXPECT_TRUE(home) << home.error().message;
    return home ? *std::move(home) : nullptr;
  }
  std::string code_of_opening() {
    auto home = FileHome::open(folder_.string());
    return home ? "" : std::string(home.error().code);
  }
  static EffectBatch batch(EffectKind kind, std::string name, bool strict) {
    return {{Effect{kind, std::move(name), 0, Bytes(3, std::byte{7})}}, strict};
  }
  static std::string code_of(HostStatus status) {
    return status ? "" : std::string(status.error().code);
  }
  std::string lock() const { return (folder_ / "store.lock").string(); }

  fs::path folder_;
};

TEST_F(FileHomes, WriteTheFilesThatNodeWrites) {
  {
    const auto home = open();
    ASSERT_TRUE(home->apply(batch(EffectKind::Put, "3/blob-1", true)));
    ASSERT_TRUE(home->apply(batch(EffectKind::Root, "3", true)));
    ASSERT_TRUE(home->apply(batch(EffectKind::Root, "catalog", false)));
    ASSERT_TRUE(home->apply(batch(EffectKind::Put, "ballast", false)));
  }
  std::set<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) files.insert(fs::relative(entry.path(), folder_).string());
  }
  EXPECT_EQ(files, (std::set<std::string>{"3/blob-1.corsac", "3/root.0.corsac", "ballast.corsac",
                                          "catalog/root.0.corsac"}));
}

TEST_F(FileHomes, AfterAFailedSyncNothingIsAcknowledgedUntilTheFolderIsOpenedAgain) {
  for (const Syncing syncing : {Syncing{&fail, &count_folder}, Syncing{&count_file, &fail}}) {
    fs::remove_all(folder_);
    {
      const auto home = open(syncing);
      EXPECT_EQ(code_of(home->apply(batch(EffectKind::Put, "1/blob-1", true))), "storage");
      EXPECT_EQ(code_of(home->apply(batch(EffectKind::Put, "1/blob-2", true))), "storage");
      EXPECT_EQ(code_of(home->apply(batch(EffectKind::Put, "1/blob-2", false))), "storage");
    }
    EXPECT_TRUE(open()->apply(batch(EffectKind::Put, "1/blob-2", true)));
  }
}

TEST_F(FileHomes, SyncWhatAnEarlierSessionLeftAndItsFolder) {
  ASSERT_TRUE(open()->apply(batch(EffectKind::Put, "1/blob-1", false)));
  const auto home = open(kCounting);
  ASSERT_TRUE(home->apply({{}, true}));
  EXPECT_EQ(synced_files, 1);
  EXPECT_EQ(synced_folders, 1);
  ASSERT_TRUE(home->apply({{}, true}));
  EXPECT_EQ(synced_files, 1) << "nothing changed since";
}

TEST_F(FileHomes, SyncTheFolderAboveOneThatTheyMade) {
  const auto home = open(kCounting);
  ASSERT_TRUE(home->apply(batch(EffectKind::Put, "1/blob-1", true)));
  EXPECT_EQ(synced_files, 1);
  EXPECT_EQ(synced_folders, 2);
}

TEST_F(FileHomes, HaveOneWriter) {
  const auto first = open();
  EXPECT_EQ(code_of_opening(), "locked");
  fs::remove(lock());
  const auto second = open();
  EXPECT_EQ(code_of(first->apply(batch(EffectKind::Root, "1", false))), "locked");
  EXPECT_EQ(code_of(first->apply({{}, true})), "locked");
  first->close();
  EXPECT_TRUE(second->apply({{}, true})) << "the lock of another is not released";
}

TEST_F(FileHomes, TakeOverTheLockOfAProcessThatDied) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  fs::create_directories(folder_);
  const std::string pid = std::to_string(child), own = std::to_string(getpid());
  for (const std::string& left :
       {R"({"pid":)" + pid + R"(,"started":"","boot":"","nonce":"n"})",
        R"({"pid":)" + own + R"(,"started":"","boot":"other","nonce":"n"})", std::string("torn {"),
        std::string()}) {
    std::ofstream(lock()) << left;
    EXPECT_NE(open(), nullptr) << left;
  }
  EXPECT_FALSE(fs::exists(lock()));
}

TEST_F(FileHomes, RefuseAFolderThatCannotBeMade) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "file") << "x";
  auto home = FileHome::open((folder_ / "file").string());
  ASSERT_FALSE(home);
  EXPECT_EQ(home.error().code, "storage");
  EXPECT_NE(home.error().message.find("file"), std::string::npos);
}

}  // namespace
}  // namespace corsac::native

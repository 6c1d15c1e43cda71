// Damage to a small store: every bit, every length, missing and exchanged blobs. Opening then fails
// with a typed error or gives back what was written, saying that something was wrong.
#include "storage/recovery.h"

#include <gtest/gtest.h>

#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

using testing::SimulatedDisk;

std::vector<Bytes> some_operations(std::uint64_t first, std::size_t count, std::size_t size = 30) {
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(test_operation(first + i, size));
  return out;
}

// Two checkpoints and a log after each: everything is durable.
struct SmallStore {
  SimulatedDisk disk;
  std::vector<Bytes> written;

  explicit SmallStore(DurableOptions options = {}) {
    StandIn store(disk, options);
    EXPECT_TRUE(store.open(1));
    for (std::uint64_t round = 0; round < 3; ++round) {
      const auto operations = some_operations(10 * round, 2);
      EXPECT_TRUE(store.write(operations, true));
      EXPECT_TRUE(store.write(some_operations(10 * round + 5, 1), true));
      written.insert(written.end(), operations.begin(), operations.end());
      written.push_back(test_operation(10 * round + 5, 30));
      EXPECT_TRUE(round == 2 || store.checkpoint());
    }
    EXPECT_TRUE(disk.execute(store.journal().close()));
  }
};

// An error, or everything; less only with a report. True when something was noticed.
bool opens_honestly(const SimulatedDisk& disk, const std::vector<Bytes>& written,
                    const std::string& what) {
  SimulatedDisk copy = disk;
  StandIn store(copy);
  const Status opened = store.open(9);
  if (!opened) {
    EXPECT_TRUE(opened.error().code == ErrorCode::Corrupt ||
                opened.error().code == ErrorCode::DataLoss)
        << what;
    return true;
  }
  EXPECT_LE(store.operations.size(), written.size()) << what;
  for (std::size_t i = 0; i < store.operations.size(); ++i)
    EXPECT_EQ(store.operations[i], written[i]) << what;
  const bool complete = store.operations.size() == written.size();
  EXPECT_TRUE(complete || store.report.outcome != Outcome::Clean) << what;
  EXPECT_TRUE(complete) << what << ": durable data went missing: " << store.report.detail;
  EXPECT_TRUE(store.report.outcome == Outcome::Clean || !store.report.detail.empty());
  const Result<Bytes> documents = store.documents();
  return !documents || store.report.outcome != Outcome::Clean;
}

TEST(Recovery, OpensWhatIsWhole) {
  SmallStore small;
  EXPECT_FALSE(opens_honestly(small.disk, small.written, "whole"));
}

TEST(Recovery, FindsOrSurvivesEveryFlippedBit) {
  for (const std::uint32_t keep : {1u, 2u}) {
    DurableOptions options;
    options.keep = keep;
    SmallStore small(options);
    std::size_t noticed = 0, bits = 0;
    const auto flip_all = [&](Bytes& bytes, const std::string& name) {
      for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 5) {
        bytes[bit / 8] ^= std::byte{1} << (bit % 8);
        noticed +=
            opens_honestly(small.disk, small.written, name + " bit " + std::to_string(bit)) ? 1 : 0;
        ++bits;
        bytes[bit / 8] ^= std::byte{1} << (bit % 8);
      }
    };
    for (auto& [name, bytes] : small.disk.live_blobs()) flip_all(bytes, name);
    for (auto& [name, bytes] : small.disk.live_roots()) flip_all(bytes, "root");
    EXPECT_GT(noticed, bits / 4);
  }
}

TEST(Recovery, FindsOrSurvivesEveryTruncation) {
  SmallStore small;
  for (auto& [name, bytes] : small.disk.live_blobs()) {
    const Bytes whole = bytes;
    for (std::size_t length = 0; length < whole.size(); ++length) {
      bytes.resize(length);
      opens_honestly(small.disk, small.written, name + " cut to " + std::to_string(length));
      bytes = whole;
    }
  }
  for (auto& [name, bytes] : small.disk.live_roots()) {
    const Bytes whole = bytes;
    for (std::size_t length = 1; length < whole.size(); ++length) {
      bytes.resize(length);
      opens_honestly(small.disk, small.written, "root cut to " + std::to_string(length));
      bytes = whole;
    }
  }
}

TEST(Recovery, FindsOrSurvivesAnyMissingOrExchangedBlob) {
  SmallStore small;
  const auto blobs = small.disk.live_blobs();
  for (const auto& [name, bytes] : blobs) {
    small.disk.live_blobs().erase(name);
    opens_honestly(small.disk, small.written, name + " missing");
    for (const auto& [other, other_bytes] : blobs) {
      small.disk.live_blobs()[name] = other_bytes;
      opens_honestly(small.disk, small.written, name + " holds " + other);
    }
    small.disk.live_blobs()[name] = bytes;
  }
}

TEST(Recovery, FallsBackToTheOlderSnapshotAndLosesNothing) {
  SmallStore small;
  // The newest snapshot's own blobs: the segments and delta arrays of the second checkpoint.
  const Result<RootChoice> roots =
      read_roots(small.disk.roots("7"), test_uuid(99), kTestCollection);
  ASSERT_TRUE(roots);
  const Root& root = roots->roots.front();
  ASSERT_EQ(root.snapshots.size(), 2u);
  std::size_t tried = 0;
  for (const BlobRef& blob : root.snapshots[0].blobs) {
    if (std::ranges::find(root.snapshots[1].blobs, blob.number, &BlobRef::number) !=
        root.snapshots[1].blobs.end())
      continue;
    SimulatedDisk copy = small.disk;
    copy.live_blobs()[blob_name(7, blob.number)].back() ^= std::byte{1};
    StandIn store(copy);
    ASSERT_TRUE(store.open(9));
    EXPECT_EQ(store.report.outcome, Outcome::Degraded);
    EXPECT_EQ(store.operations, small.written);
    // Life goes on from there.
    ASSERT_TRUE(store.write(some_operations(500, 1), true)) << copy.why();
    ASSERT_TRUE(store.checkpoint()) << copy.why();
    ASSERT_TRUE(store.open(10));
    EXPECT_EQ(store.report.outcome, Outcome::Clean) << store.report.detail;
    EXPECT_EQ(store.operations.size(), small.written.size() + 1);
    ++tried;
  }
  EXPECT_GE(tried, 2u);
}

TEST(Recovery, AnUnreadableRootBesideBlobsIsNeverANewStore) {
  SmallStore small;
  for (auto& [name, bytes] : small.disk.live_roots()) bytes[3] ^= std::byte{1};
  StandIn store(small.disk);
  const Status opened = store.open(9);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::Corrupt);
  small.disk.live_roots().clear();
  EXPECT_FALSE(store.open(9));
}

TEST(Recovery, ReadsAWholeLogWithoutAnyRoot) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  const auto operations = some_operations(1, 3);
  ASSERT_TRUE(store.write(operations, true));
  ASSERT_TRUE(disk.execute(store.journal().close()));
  disk.live_roots().begin()->second.back() ^= std::byte{1};
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.report.outcome, Outcome::Degraded);
  EXPECT_EQ(store.operations, operations);
}

TEST(Recovery, LeavesBlobsAloneThatItDidNotName) {
  SmallStore small;
  small.disk.live_blobs()["7/blob-007"] = Bytes(3);
  small.disk.live_blobs()["7/notes.txt"] = Bytes(3);
  StandIn store(small.disk);
  ASSERT_TRUE(store.open(9));
  ASSERT_TRUE(store.write(some_operations(500, 1), true));
  ASSERT_TRUE(store.checkpoint());
  EXPECT_TRUE(small.disk.live_blobs().contains("7/blob-007"));
  EXPECT_TRUE(small.disk.live_blobs().contains("7/notes.txt"));
}

}  // namespace
}  // namespace corsac::storage

#include "storage/journal.h"

#include <gtest/gtest.h>

#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

using testing::SimulatedDisk;

std::vector<Bytes> some_operations(std::uint64_t first, std::size_t count, std::size_t size = 100) {
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(test_operation(first + i, size));
  return out;
}

std::vector<Bytes> joined(std::vector<Bytes> a, const std::vector<Bytes>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes concatenated(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

TEST(Journal, GivesBackWhatWasLogged) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  EXPECT_EQ(store.report.outcome, Outcome::Clean);
  const auto operations = some_operations(1, 5);
  ASSERT_TRUE(store.write(operations, true));
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, operations);
  EXPECT_EQ(store.report.outcome, Outcome::Clean);
  EXPECT_EQ(store.report.last_sequence, 5u);
}

TEST(Journal, WritesNothingWhenNothingWasPrepared) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  EXPECT_TRUE(store.journal().take_group(true).effects.empty());
  EXPECT_TRUE(store.journal().close().effects.empty());
}

TEST(Journal, SpansFramesWithAnOperationAboveAMebibyte) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  const auto operations = some_operations(1, 2, 3'500'000);
  ASSERT_TRUE(store.write(operations, true)) << disk.why();
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, operations);
  EXPECT_EQ(store.report.last_sequence, 8u);
}

TEST(Journal, ClosesASegmentPastItsSize) {
  SimulatedDisk disk;
  DurableOptions options;
  options.segment_bytes = 1000;
  StandIn store(disk, options);
  ASSERT_TRUE(store.open(1));
  std::vector<Bytes> all;
  for (std::uint64_t i = 0; i < 20; ++i) {
    all.push_back(test_operation(i, 200));
    ASSERT_TRUE(store.write({all.back()}, false));
  }
  EXPECT_GT(disk.blobs("7/wal-").size(), 3u);
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, all);
}

TEST(Journal, StoresACheckpointAndReplaysOnlyWhatCameAfter) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  auto all = some_operations(1, 4);
  ASSERT_TRUE(store.write(all, false));
  ASSERT_TRUE(store.checkpoint()) << disk.why();
  EXPECT_EQ(store.journal().log_bytes(), 0u);
  const auto after = some_operations(50, 3);
  ASSERT_TRUE(store.write(after, false));
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, joined(all, after));
  EXPECT_EQ(store.report.outcome, Outcome::Clean);
}

TEST(Journal, AppendsTailsToTheNewestBlobAndRewritesNothing) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  std::vector<Bytes> all;
  std::size_t blobs = 0;
  for (std::uint64_t round = 0; round < 30; ++round) {
    const auto more = some_operations(100 * round, 5, 300);
    all = joined(all, more);
    ASSERT_TRUE(store.write(more, false));
    ASSERT_TRUE(store.checkpoint()) << disk.why();
    blobs = std::max(blobs, disk.blobs("7/blob-").size());
    const auto report = store.journal().checkpoint_report();
    for (const auto& section : report.sections) {
      EXPECT_TRUE(section.id != SectionId::Ids || section.raw_bytes == 5u * 304);
      EXPECT_TRUE(section.id != SectionId::Documents || section.raw_bytes == 5u * 300);
    }
  }
  EXPECT_LT(blobs, 20u);
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, all);
  const Result<Bytes> documents = store.documents();
  ASSERT_TRUE(documents);
  EXPECT_EQ(*documents, concatenated(all));
}

TEST(Journal, DeletesWhatNeitherKeptGenerationNeeds) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  for (std::uint64_t round = 0; round < 6; ++round) {
    ASSERT_TRUE(store.write(some_operations(10 * round, 3), true));
    ASSERT_TRUE(store.checkpoint());
  }
  // The log that the older generation replays: one segment.
  EXPECT_EQ(disk.blobs("7/wal-").size(), 1u);
  EXPECT_LE(disk.blobs("7/blob-").size(), 14u);
}

TEST(Journal, KeepsNoLogForOneGeneration) {
  SimulatedDisk disk;
  DurableOptions options;
  options.keep = 1;
  StandIn store(disk, options);
  ASSERT_TRUE(store.open(1));
  const auto all = some_operations(1, 3);
  ASSERT_TRUE(store.write(all, true));
  ASSERT_TRUE(store.checkpoint());
  EXPECT_TRUE(disk.blobs("7/wal-").empty());
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, all);
}

TEST(Journal, KnowsACallThatWasAppliedAcrossACheckpointAndTheLog) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  ASSERT_TRUE(store.write(some_operations(1, 2), true));  // client 1, numbers 1 and 2
  ASSERT_TRUE(store.checkpoint());
  ASSERT_TRUE(store.write(some_operations(5, 1), true));  // number 3
  ASSERT_TRUE(store.open(2));
  for (const std::uint64_t number : {1u, 2u, 3u}) EXPECT_TRUE(store.journal().knows(1, number));
  EXPECT_FALSE(store.journal().knows(1, 4));
  EXPECT_FALSE(store.journal().knows(2, 1));
}

TEST(Journal, AFailedGroupNeverHappened) {
  Random random(5);
  for (std::uint64_t round = 0; round < 50; ++round) {
    SimulatedDisk disk;
    StandIn store(disk);
    ASSERT_TRUE(store.open(1));
    auto all = some_operations(1, 3);
    ASSERT_TRUE(store.write(all, round % 2 == 0));
    disk.execute_failing(store.take(some_operations(20, 3), true), random);
    store.journal().group_failed();
    if (round % 3 == 0) {
      ASSERT_TRUE(disk.execute(store.journal().flush()));
      store.journal().batch_stored();
    } else {
      const auto later = some_operations(30, 2);
      ASSERT_TRUE(store.write(later, true)) << disk.why();
      all = joined(all, later);
    }
    ASSERT_TRUE(store.open(2));
    EXPECT_EQ(store.operations, all);
  }
}

TEST(Journal, AFailedBatchOfACheckpointChangesNothing) {
  Random random(6);
  for (std::size_t fail_at = 0; fail_at < 5; ++fail_at) {
    for (std::uint64_t round = 0; round < 4; ++round) {
      SimulatedDisk disk;
      StandIn store(disk);
      ASSERT_TRUE(store.open(1));
      auto all = some_operations(1, 3, 90'000);
      ASSERT_TRUE(store.write(all, true));
      ASSERT_TRUE(store.checkpoint());
      const auto more = some_operations(9, 4, 1'100'000);
      ASSERT_TRUE(store.write(more, false));
      all = joined(all, more);
      store.save();
      store.journal().begin_checkpoint();
      std::size_t batches = 0;
      while (const auto batch = store.journal().next_checkpoint_batch()) {
        if (batches++ == fail_at) {
          disk.execute_failing(*batch, random);
          store.journal().checkpoint_failed();
          break;
        }
        ASSERT_TRUE(disk.execute(*batch)) << disk.why();
        store.journal().batch_stored();
      }
      if (round % 2 == 0) {
        // The session goes on: the next checkpoint takes what the failed one had collected.
        const auto later = some_operations(40, 1);
        ASSERT_TRUE(store.write(later, true)) << disk.why();
        all = joined(all, later);
        ASSERT_TRUE(store.checkpoint()) << disk.why();
      }
      ASSERT_TRUE(store.open(2)) << "batch " << fail_at;
      EXPECT_EQ(store.operations, all);
      const Result<Bytes> documents = store.documents();
      ASSERT_TRUE(documents);
      EXPECT_TRUE(round % 2 != 0 || *documents == concatenated(all));
      ASSERT_TRUE(store.checkpoint()) << disk.why();
      ASSERT_TRUE(store.open(3));
      EXPECT_EQ(store.operations, all);
    }
  }
}

TEST(Journal, HandsOutUnsavedBytesUntilACheckpointStoredThem) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  const auto first = some_operations(1, 1, 500);
  ASSERT_TRUE(store.write(first, true));
  ASSERT_TRUE(store.checkpoint());
  const auto second = some_operations(2, 1, 300);
  ASSERT_TRUE(store.write(second, true));
  store.save();
  store.journal().begin_checkpoint();
  const ByteView unsaved = store.journal().unsaved(SectionId::Documents, 600, 200);
  EXPECT_TRUE(std::ranges::equal(unsaved, ByteView(second[0]).subspan(100, 200)));
  EXPECT_FALSE(store.journal().locate(SectionId::Documents, 600, 200));
  EXPECT_TRUE(store.journal().locate(SectionId::Documents, 100, 200));
  while (const auto batch = store.journal().next_checkpoint_batch()) {
    ASSERT_TRUE(disk.execute(*batch));
    store.journal().batch_stored();
  }
  EXPECT_TRUE(store.journal().unsaved(SectionId::Documents, 600, 200).empty());
  const auto request = store.journal().locate(SectionId::Documents, 600, 200);
  ASSERT_TRUE(request);
  EXPECT_TRUE(std::ranges::equal(disk.read(*request), ByteView(second[0]).subspan(100, 200)));
}

TEST(Journal, ForgetsARestartedSection) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  ASSERT_TRUE(store.write(some_operations(1, 4, 500), true));
  ASSERT_TRUE(store.checkpoint());
  SectionSink& sink = store.journal().changes();
  for (const SectionId id : {SectionId::Ids, SectionId::Documents, SectionId::TextSegments,
                             SectionId::Meta, SectionId::Graph})
    sink.restart(id);
  const Bytes kept = test_operation(77, 40);
  sink.append(SectionId::Documents, kept);
  ByteWriter row;
  row.put(static_cast<std::uint32_t>(kept.size()));
  row.append(kept);
  sink.append(SectionId::Ids, row.view());
  sink.add_segment(SectionId::TextSegments, 1000, kept);
  store.journal().begin_checkpoint();
  while (const auto batch = store.journal().next_checkpoint_batch()) {
    ASSERT_TRUE(disk.execute(*batch));
    store.journal().batch_stored();
  }
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, std::vector<Bytes>{kept});
  const Result<Bytes> documents = store.documents();
  ASSERT_TRUE(documents);
  EXPECT_EQ(*documents, kept);
}

TEST(Journal, ClosesWithACleanRoot) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  const auto all = some_operations(1, 3);
  ASSERT_TRUE(store.write(all, false));
  const EffectBatch batch = store.journal().close();
  EXPECT_TRUE(batch.strict);
  ASSERT_TRUE(disk.execute(batch));
  const Result<RootChoice> roots = read_roots(disk.roots("7"), store.store(), kTestCollection);
  ASSERT_TRUE(roots);
  ASSERT_EQ(roots->roots.size(), 1u);
  EXPECT_TRUE(roots->roots[0].clean);
  EXPECT_EQ(roots->roots[0].end.sequence, 4u);
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, all);
  EXPECT_EQ(store.report.last_sequence, 4u);
}

TEST(Journal, SaysWhenARootWouldNotFit) {
  SimulatedDisk disk;
  StandIn store(disk);
  ASSERT_TRUE(store.open(1));
  const auto all = some_operations(1, 2);
  ASSERT_TRUE(store.write(all, true));
  for (std::uint64_t key = 1; key <= 1300; ++key) {
    store.journal().changes().add_segment(SectionId::Columns, key, as_byte_view("x"));
  }
  store.journal().begin_checkpoint();
  while (const auto batch = store.journal().next_checkpoint_batch()) {
    ASSERT_TRUE(disk.execute(*batch));
    store.journal().batch_stored();
  }
  ASSERT_TRUE(store.journal().checkpoint_error());
  EXPECT_EQ(store.journal().checkpoint_error()->code, ErrorCode::OutOfMemory);
  const auto more = some_operations(8, 1);
  ASSERT_TRUE(store.write(more, true));
  EXPECT_TRUE(disk.blobs("7/blob-").empty()) << "what no root names is deleted with the next batch";
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, joined(all, more));
}

}  // namespace
}  // namespace corsac::storage

#include "storage/tail_merge.h"

#include <gtest/gtest.h>

#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

Snapshot with_blobs(const std::vector<std::uint64_t>& sizes) {
  Snapshot snapshot;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    snapshot.blobs.push_back({.section = SectionId::Ids,
                              .kind = SectionKind::AppendOnly,
                              .number = 100 + i,
                              .stored_bytes = sizes[i],
                              .raw_bytes = sizes[i],
                              .chain = {}});
  }
  return snapshot;
}

TEST(TailMerge, LeavesSixteenBlobsAlone) {
  EXPECT_TRUE(plan_tail_merges(with_blobs(std::vector<std::uint64_t>(16, 10))).empty());
  EXPECT_EQ(plan_tail_merges(with_blobs(std::vector<std::uint64_t>(17, 10))).size(), 1u);
}

TEST(TailMerge, TakesTheCheapestNeighbours) {
  std::vector<std::uint64_t> sizes(20, 1000);
  for (std::size_t i = 4; i < 16; ++i) sizes[i] = 10;
  const std::vector<TailMerge> merges = plan_tail_merges(with_blobs(sizes));
  ASSERT_EQ(merges.size(), 1u);
  EXPECT_EQ(merges[0].blobs.size(), 12u);
  EXPECT_EQ(merges[0].blobs.front(), 104u);
}

TEST(TailMerge, NeverReadsBackMoreThanItsLimit) {
  const std::vector<TailMerge> merges =
      plan_tail_merges(with_blobs(std::vector<std::uint64_t>(30, 5u << 20)));
  ASSERT_EQ(merges.size(), 1u);
  EXPECT_EQ(merges[0].blobs.size(), 3u);
  EXPECT_TRUE(plan_tail_merges(with_blobs(std::vector<std::uint64_t>(30, 20u << 20))).empty());
}

TEST(TailMerge, BringsAStoreThatCrashedOftenBackToFewBlobs) {
  testing::SimulatedDisk disk;
  StandIn store(disk);
  std::vector<Bytes> all;
  std::size_t most_patched = 0;
  for (std::uint64_t round = 1; round <= 60; ++round) {
    ASSERT_TRUE(store.open(round));
    ASSERT_EQ(store.operations, all);
    const Result<Bytes> documents = store.documents();
    ASSERT_TRUE(documents) << documents.error().message;
    // The first is so large that all others are patches of it, until the last.
    all.push_back(test_operation(round, round == 1 || round == 60 ? 20'000 : 50));
    ASSERT_TRUE(store.write({all.back()}, true)) << disk.why();
    ASSERT_TRUE(store.checkpoint()) << disk.why();
    const Result<RootChoice> roots = read_roots(disk.roots("7"), store.store(), kTestCollection);
    ASSERT_TRUE(roots);
    std::size_t ids = 0, stored = 0, patched = 0;
    for (const BlobRef& blob : roots->roots[0].snapshots[0].blobs) {
      if (blob.kind == SectionKind::Segment) continue;
      ids += blob.section == SectionId::Ids ? 1 : 0;
      stored += blob.section == SectionId::Documents ? 1 : 0;
      patched += blob.section == SectionId::Graph ? 1 : 0;
      Bytes& bytes = disk.live_blobs()[blob_name(7, blob.number)];
      if (bytes.size() == blob.stored_bytes) bytes.push_back(std::byte{0xAA});
    }
    EXPECT_LE(ids, kMaxSectionBlobs + 2);
    EXPECT_LE(stored, kMaxSectionBlobs + 2);
    EXPECT_LE(patched, kMaxSectionBlobs + 2);
    most_patched = std::max(most_patched, patched);
    if (round == 60) EXPECT_EQ(patched, 1u) << "written whole";
  }
  EXPECT_GT(most_patched, kMaxSectionBlobs);
  ASSERT_TRUE(store.open(100));
  EXPECT_EQ(store.operations, all);
}

}  // namespace
}  // namespace corsac::storage

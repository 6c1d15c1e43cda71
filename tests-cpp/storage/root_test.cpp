#include "storage/root.h"

#include <gtest/gtest.h>

#include "storage/root_format.h"
#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

Root some_root(std::uint64_t generation = 5) {
  Root root{.store = test_uuid(1),
            .collection = 7,
            .generation = generation,
            .epoch = 2,
            .next_blob = 40,
            .next_segment = 9,
            .durable = 123,
            .end = {8, 130},
            .end_length = 5000,
            .clean = true,
            .snapshots = {}};
  Snapshot snapshot{{100, 6, {11, 12}}, {}};
  snapshot.blobs.push_back({.section = SectionId::Ids,
                            .kind = SectionKind::AppendOnly,
                            .codec = compress::Codec::Lz4,
                            .number = 3,
                            .stored_bytes = 50,
                            .raw_bytes = 80,
                            .chain = {1, 2}});
  snapshot.blobs.push_back({.section = SectionId::Documents,
                            .kind = SectionKind::AppendOnly,
                            .form = BlobForm::Raw,
                            .number = 4,
                            .stored_bytes = 70,
                            .raw_bytes = 70,
                            .chain = {3, 4}});
  snapshot.blobs.push_back({.section = SectionId::TextSegments,
                            .kind = SectionKind::Segment,
                            .key = 17,
                            .number = 5,
                            .stored_bytes = 9,
                            .raw_bytes = 9,
                            .chain = {5, 6}});
  root.snapshots = {snapshot, Snapshot{{50, 2, {7, 8}}, {}}};
  return root;
}

Bytes encoded(const Root& root) {
  Result<Bytes> bytes = encode_root(root);
  EXPECT_TRUE(bytes);
  return bytes ? *std::move(bytes) : Bytes();
}

TEST(Root, ReadsBackWhatWasWritten) {
  const Root root = some_root();
  const Bytes bytes = encoded(root);
  EXPECT_EQ(bytes.size(),
            kRootHeaderBytes + 2 * kSnapshotHeaderBytes + 3 * kBlobRefBytes + kRootChecksumBytes);
  const Result<Root> read = decode_root(bytes, root.store, 7);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->generation, 5u);
  EXPECT_EQ(read->end.sequence, 130u);
  EXPECT_EQ(read->durable, 123u);
  EXPECT_TRUE(read->clean);
  ASSERT_EQ(read->snapshots.size(), 2u);
  EXPECT_EQ(read->snapshots[0].blobs, root.snapshots[0].blobs);
  EXPECT_EQ(read->snapshots[1].log.first_segment, 2u);
  EXPECT_EQ(encoded(*read), bytes);
}

TEST(Root, IsRefusedAtEveryLengthButItsOwn) {
  const Bytes bytes = encoded(some_root());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode_root(ByteView(bytes).first(length), test_uuid(1), 7)) << length;
  }
  Bytes longer = bytes;
  longer.push_back({});
  EXPECT_FALSE(decode_root(longer, test_uuid(1), 7));
}

TEST(Root, IsRefusedWithAnyBitFlipped) {
  const Bytes bytes = encoded(some_root());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes damaged = bytes;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    const Result<Root> read = decode_root(damaged, test_uuid(1), 7);
    ASSERT_FALSE(read) << bit;
    EXPECT_EQ(read.error().code, ErrorCode::Corrupt);
  }
}

// With the checksum put right again, as an attacker or a later version would.
Bytes resealed(Bytes bytes) {
  const Checksum128 checksum =
      checksum128(ByteView(bytes).first(bytes.size() - kRootChecksumBytes));
  std::memcpy(bytes.data() + bytes.size() - kRootChecksumBytes, &checksum, sizeof checksum);
  return bytes;
}

TEST(Root, SurvivesAnyByteWithAValidChecksum) {
  const Bytes bytes = encoded(some_root());
  for (std::size_t at = 0; at + kRootChecksumBytes < bytes.size(); ++at) {
    for (const auto value : {0x00, 0x01, 0x7F, 0xFF}) {
      Bytes changed = bytes;
      changed[at] = static_cast<std::byte>(value);
      const Result<Root> read = decode_root(resealed(changed), test_uuid(1), 7);
      EXPECT_TRUE(!read || read->snapshots.size() <= kMaxSnapshots);
    }
  }
}

TEST(Root, OfALaterVersionIsLeftAlone) {
  for (const std::size_t field :
       {root_field::kMajor, root_field::kMinReader, root_field::kIncompatible}) {
    Bytes bytes = encoded(some_root());
    bytes[field] = std::byte{2};
    const Result<Root> read = decode_root(resealed(bytes), test_uuid(1), 7);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::UnsupportedFormat);
    // Also beside an older root that could be read.
    RootPair pair;
    pair.slots[0] = encoded(some_root(4));
    pair.slots[1] = resealed(bytes);
    const Result<RootChoice> choice = read_roots(pair, test_uuid(1), 7);
    ASSERT_FALSE(choice);
    EXPECT_EQ(choice.error().code, ErrorCode::UnsupportedFormat);
  }
  Bytes minor = encoded(some_root());
  minor[root_field::kMinor] = std::byte{9};
  EXPECT_TRUE(decode_root(resealed(minor), test_uuid(1), 7));
}

TEST(Root, NamesOnlySectionsThatThisVersionKnows) {
  Root root = some_root();
  for (const int unknown : {0, 18, 21}) {
    root.snapshots[0].blobs[0].section = static_cast<SectionId>(unknown);
    const Result<Root> read = decode_root(encoded(root), root.store, 7);
    ASSERT_FALSE(read) << unknown;
    EXPECT_EQ(read.error().code, ErrorCode::UnsupportedFormat);
  }
}

TEST(Root, OfAnotherStoreOrCollectionIsNotTaken) {
  const Bytes bytes = encoded(some_root());
  EXPECT_FALSE(decode_root(bytes, test_uuid(2), 7));
  EXPECT_FALSE(decode_root(bytes, test_uuid(1), 8));
}

TEST(Root, NeverPassesSixtyFourKibibytes) {
  Root root = some_root();
  root.snapshots[0].blobs.resize(1200, root.snapshots[0].blobs[0]);
  const Result<Bytes> bytes = encode_root(root);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, ErrorCode::OutOfMemory);
  EXPECT_NE(bytes.error().message.find("65536"), std::string::npos);
}

TEST(Roots, AreChosenNewestFirstAndOnlyFromTheirOwnSlot) {
  RootPair pair;
  pair.slots[0] = encoded(some_root(6));
  pair.slots[1] = encoded(some_root(5));
  Result<RootChoice> choice = read_roots(pair, test_uuid(1), 7);
  ASSERT_TRUE(choice);
  ASSERT_EQ(choice->roots.size(), 2u);
  EXPECT_EQ(choice->roots[0].generation, 6u);
  std::swap(pair.slots[0], pair.slots[1]);
  choice = read_roots(pair, test_uuid(1), 7);
  ASSERT_TRUE(choice);
  EXPECT_TRUE(choice->roots.empty());
  EXPECT_EQ(choice->unreadable, 2u);
}

}  // namespace
}  // namespace corsac::storage

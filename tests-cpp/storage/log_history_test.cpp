#include "storage/log_history.h"

#include <gtest/gtest.h>

#include "storage/blob_names.h"
#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

using testing::SimulatedDisk;

// A log written batch by batch, as the segments a home would hold.
class WrittenLog {
 public:
  explicit WrittenLog(std::uint64_t segment_bytes = 1u << 20)
      : writer_({store_, 1, 3, test_uuid(4)}, {}, segment_bytes) {}

  void add(std::size_t operations, bool strict, std::size_t size = 24) {
    std::vector<LogRecord> records;
    for (std::size_t i = 0; i < operations; ++i) {
      all_.push_back(test_operation(++count_, size));
      records.push_back({.client = 9, .number = count_, .operation = all_.back()});
    }
    keep(writer_.write(records));
    writer_.stored();
    if (strict) writer_.set_durable(writer_.sequence());
  }
  /// The bytes stay, the writer is told that they did not arrive.
  void add_failing(std::size_t operations) {
    std::vector<LogRecord> records;
    for (std::size_t i = 0; i < operations; ++i)
      records.push_back({.operation = test_operation(10'000 + i, 24)});
    keep(writer_.write(records));
    writer_.failed();
  }
  LogWriter& writer() { return writer_; }
  std::map<std::uint64_t, Bytes>& segments() { return segments_; }
  const std::vector<Bytes>& operations() const { return all_; }

  Result<LogVerdict> judge(std::uint64_t durable = 0) const {
    LogHistory history({}, store_, std::nullopt);
    for (const auto& [number, bytes] : segments_) history.add(number, bytes);
    return std::move(history).judge(durable);
  }

 private:
  void keep(const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) {
      Bytes& into = segments_[parse_name(1, effect.name)->number];
      ASSERT_EQ(into.size(), effect.offset);
      into.insert(into.end(), effect.bytes.begin(), effect.bytes.end());
    }
  }

  Uuid store_ = test_uuid(1);
  LogWriter writer_;
  std::map<std::uint64_t, Bytes> segments_;
  std::vector<Bytes> all_;
  std::uint64_t count_ = 0;
};

// What was read is the start of what was written.
void expect_prefix(const LogVerdict& verdict, const std::vector<Bytes>& written) {
  ASSERT_LE(verdict.operations.size(), written.size());
  for (std::size_t i = 0; i < verdict.operations.size(); ++i)
    ASSERT_EQ(verdict.operations[i].bytes, written[i]);
}

TEST(LogHistory, ReadsBatchesWithTheirCallers) {
  WrittenLog log;
  log.add(3, true);
  const Result<LogVerdict> verdict = log.judge();
  ASSERT_TRUE(verdict);
  EXPECT_FALSE(verdict->torn);
  ASSERT_EQ(verdict->operations.size(), 3u);
  EXPECT_EQ(verdict->operations[2].client, 9u);
  EXPECT_EQ(verdict->operations[2].number, 3u);
  EXPECT_EQ(verdict->end.sequence, 3u);
  EXPECT_EQ(verdict->end.next_segment, 2u);
}

TEST(LogHistory, CutsATornTailAtEveryLength) {
  WrittenLog log;
  log.add(2, false);
  log.add(3, false, 60);
  const Bytes whole = log.segments()[1];
  std::size_t last = 0;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    log.segments()[1].assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    const Result<LogVerdict> verdict = log.judge();
    ASSERT_TRUE(verdict) << length;
    expect_prefix(*verdict, log.operations());
    EXPECT_GE(verdict->operations.size(), last);
    last = verdict->operations.size();
    // A cut between two batches leaves nothing that tells of the rest; any other is reported.
    EXPECT_TRUE(verdict->torn || length == verdict->good_length) << length;
  }
  EXPECT_EQ(last, 5u) << "the last frame counts without its padding";
}

TEST(LogHistory, FindsOrReportsEveryFlippedBit) {
  WrittenLog log;
  log.add(2, true);
  log.add(2, true);
  log.add(1, false);
  const Bytes whole = log.segments()[1];
  std::size_t corrupt = 0, torn = 0, harmless = 0;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    log.segments()[1] = whole;
    log.segments()[1][bit / 8] ^= std::byte{1} << (bit % 8);
    const Result<LogVerdict> verdict = log.judge(4);
    if (!verdict) {
      EXPECT_NE(verdict.error().code, ErrorCode::UnsupportedFormat) << bit;
      ++corrupt;
      continue;
    }
    expect_prefix(*verdict, log.operations());
    if (verdict->operations.size() == 5) {
      ++harmless;  // padding
    } else {
      EXPECT_TRUE(verdict->torn) << bit;
      EXPECT_GE(verdict->operations.size(), 4u)
          << "acknowledged data went missing silently, bit " << bit;
      ++torn;
    }
  }
  EXPECT_GT(corrupt, torn);
  EXPECT_EQ(harmless % 8, 0u);
}

TEST(LogHistory, TellsDamageToDurableDataFromATear) {
  WrittenLog log;
  log.add(1, true);
  log.add(1, true);  // its frame says that sequence 1 is durable
  Bytes& bytes = log.segments()[1];
  bytes[kSegmentHeaderBytes + 50] ^= std::byte{1};
  const Result<LogVerdict> verdict = log.judge();
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, ErrorCode::Corrupt);
}

TEST(LogHistory, ReportsALogThatLostItsEnd) {
  WrittenLog log;
  log.add(2, true);
  log.segments().clear();
  const Result<LogVerdict> verdict = log.judge(2);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, ErrorCode::DataLoss);
}

TEST(LogHistory, ForgetsTheFramesOfAFailedWriteOnceTheNextSegmentExists) {
  WrittenLog log;
  log.add(2, true);
  log.add_failing(3);
  Result<LogVerdict> before = log.judge();
  ASSERT_TRUE(before);
  EXPECT_EQ(before->operations.size(), 5u) << "until then nobody can tell";
  log.add(1, true);
  const Result<LogVerdict> verdict = log.judge();
  ASSERT_TRUE(verdict);
  EXPECT_FALSE(verdict->torn);
  ASSERT_EQ(verdict->operations.size(), 3u);
  expect_prefix(*verdict, log.operations());
}

TEST(LogHistory, PassesOverSegmentsThatWereNeverCompleted) {
  WrittenLog log;
  log.add(2, true);
  log.writer().rotate();
  log.add_failing(1);            // segment 2
  log.segments()[2].resize(40);  // of which only the start arrived
  log.add(2, true);              // segment 3
  const Result<LogVerdict> verdict = log.judge();
  ASSERT_TRUE(verdict);
  EXPECT_FALSE(verdict->torn);
  EXPECT_EQ(verdict->operations.size(), 4u);
}

TEST(LogHistory, AcceptsASegmentWithoutFrames) {
  WrittenLog log;
  log.add(1, true);
  log.add_failing(1);
  for (const Effect& effect : log.writer().start_segment())
    log.segments()[log.writer().next_segment() - 1] = effect.bytes;
  log.writer().stored();
  log.writer().rotate();
  log.add(1, true);
  const Result<LogVerdict> verdict = log.judge();
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->operations.size(), 2u);
}

TEST(LogHistory, RefusesASegmentOfAnotherHistory) {
  WrittenLog log, other;
  log.add(2, true);
  other.add(1, true);
  other.add(1, true);
  other.writer().rotate();
  other.add(1, true);
  log.segments()[2] = other.segments()[2];
  const Result<LogVerdict> verdict = log.judge();
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, ErrorCode::Corrupt);
}

TEST(LogHistory, StopsAtAMissingSegment) {
  WrittenLog log(100);
  for (int i = 0; i < 4; ++i) log.add(1, false, 64);
  ASSERT_EQ(log.segments().size(), 4u);
  log.segments().erase(2);
  const Result<LogVerdict> verdict = log.judge();
  ASSERT_TRUE(verdict) << "nothing in it was durable";
  EXPECT_TRUE(verdict->torn);
  EXPECT_EQ(verdict->operations.size(), 1u);
  EXPECT_FALSE(log.judge(3));
}

TEST(LogHistory, LeavesSegmentsOfANewerVersionAlone) {
  for (const std::size_t field : {segment_field::kMajor, segment_field::kIncompatible}) {
    WrittenLog log;
    log.add(1, true);
    Bytes& bytes = log.segments()[1];
    bytes[field] = std::byte{2};
    const std::uint64_t checksum = checksum64(ByteView(bytes).first(segment_field::kChecksum));
    std::memcpy(bytes.data() + segment_field::kChecksum, &checksum, sizeof checksum);
    const Result<LogVerdict> verdict = log.judge();
    ASSERT_FALSE(verdict) << field;
    EXPECT_EQ(verdict.error().code, ErrorCode::UnsupportedFormat);
  }
}

TEST(LogHistory, LeavesFramesOfANewerVersionAlone) {
  WrittenLog log;
  log.add(1, true);
  Bytes& bytes = log.segments()[1];
  const auto rewrite_type = [&](std::uint8_t type) {
    const SegmentHeader header = read_segment_header(bytes, test_uuid(1), 1).header;
    bytes[kSegmentHeaderBytes + frame_field::kType] = static_cast<std::byte>(type);
    const ByteView frame = ByteView(bytes).subspan(kSegmentHeaderBytes);
    const std::uint64_t checksum =
        checksum64(frame.first(frame_field::kChecksum), frame.subspan(kFrameHeaderBytes, 16 + 24),
                   header.salt.low);
    std::memcpy(bytes.data() + kSegmentHeaderBytes + frame_field::kChecksum, &checksum,
                sizeof checksum);
  };
  rewrite_type(6);
  Result<LogVerdict> verdict = log.judge();
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, ErrorCode::UnsupportedFormat);
  rewrite_type(0x80);
  verdict = log.judge();
  ASSERT_TRUE(verdict);
  EXPECT_TRUE(verdict->operations.empty());
  EXPECT_EQ(verdict->end.sequence, 1u);
}

}  // namespace
}  // namespace corsac::storage

#include "collection/operation.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace corsac::collection {
namespace {

constexpr std::uint32_t kDimension = 3;

Bytes sample_write() {
  static const float vector[] = {1, 2, 3};
  NewDocument full;
  full.id = "a";
  full.content = "text";
  full.metadata = R"({"x":1})";
  full.vectors = std::as_bytes(std::span(vector));
  full.vector_count = 1;
  NewDocument bare;
  bare.id = "b";
  bare.keep_vectors = true;
  Operation operation;
  operation.mode = WriteMode::Upsert;
  operation.documents = {full, bare};
  return encode_operation(operation);
}

TEST(Operation, AWriteIsReadBackAsItWasWritten) {
  const Bytes bytes = sample_write();
  const auto read = decode_operation(bytes, kDimension);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->kind, OperationKind::Write);
  EXPECT_EQ(read->mode, WriteMode::Upsert);
  ASSERT_EQ(read->documents.size(), 2u);
  const NewDocument& first = read->documents[0];
  EXPECT_EQ(first.id, "a");
  EXPECT_EQ(first.content, "text");
  EXPECT_EQ(first.metadata, R"({"x":1})");
  EXPECT_EQ(first.vector_count, 1u);
  EXPECT_EQ(first.vectors.size(), 12u);
  EXPECT_FALSE(first.keep_vectors);
  const NewDocument& second = read->documents[1];
  EXPECT_FALSE(second.content.has_value());
  EXPECT_FALSE(second.metadata.has_value());
  EXPECT_TRUE(second.keep_vectors);
  EXPECT_EQ(encode_operation(*read), bytes);
}

TEST(Operation, EmptyContentIsNotAbsentContent) {
  NewDocument document;
  document.id = "a";
  document.content = "";
  Operation operation;
  operation.documents = {document};
  const Bytes bytes = encode_operation(operation);
  const auto read = decode_operation(bytes, 0);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->documents[0].content, "");
}

TEST(Operation, RemovesAndMaintenanceAreReadBack) {
  Operation remove;
  remove.kind = OperationKind::Remove;
  remove.ids = {"a", "bc"};
  const Bytes removal = encode_operation(remove);
  const auto read = decode_operation(removal, kDimension);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->ids, remove.ids);

  Operation maintain;
  maintain.kind = OperationKind::Maintain;
  maintain.maintenance = Maintenance::Migration;
  maintain.stage = Stage::Finish;
  maintain.detail = "why";
  const Bytes maintenance = encode_operation(maintain);
  const auto again = decode_operation(maintenance, kDimension);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->maintenance, Maintenance::Migration);
  EXPECT_EQ(again->stage, Stage::Finish);
  EXPECT_EQ(again->detail, "why");
}

TEST(Operation, EveryTruncationIsCorrupt) {
  const Bytes bytes = sample_write();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto read = decode_operation(ByteView(bytes).first(length), kDimension);
    ASSERT_FALSE(read.has_value()) << length;
    EXPECT_EQ(read.error().code, ErrorCode::Corrupt) << length;
  }
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_EQ(decode_operation(longer, kDimension).error().message,
            "an operation has 1 bytes too many");
}

TEST(Operation, DamagedBytesGiveAnErrorOrAnotherOperationButNeverACrash) {
  const Bytes good = sample_write();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes bytes = good;
      bytes[at] ^= static_cast<std::byte>(1u << bit);
      if (const auto read = decode_operation(bytes, kDimension)) {
        EXPECT_EQ(encode_operation(*read).size(), good.size());
      }
    }
  }
  Random random(7);
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(random.below(64));
    for (std::byte& b : bytes) b = static_cast<std::byte>(random.below(round % 2 == 0 ? 256 : 5));
    (void)decode_operation(bytes, static_cast<std::uint32_t>(random.below(4)));
  }
}

TEST(Operation, LimitsAreNamedWithTheValue) {
  NewDocument document;
  document.id = "a";
  const std::string long_id(513, 'x');
  const std::string long_metadata(kMaxMetadataBytes + 1, ' ');
  const std::string long_content(kMaxContentBytes + 1, ' ');
  const auto message_of = [](const NewDocument& one) {
    Operation operation;
    operation.documents = {NewDocument{"ok", {}, {}, {}, 0, false}, one};
    const Bytes bytes = encode_operation(operation);
    const auto read = decode_operation(bytes, 0);
    EXPECT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code, ErrorCode::InvalidArgument);
    return read.error().message;
  };
  NewDocument wide = document;
  wide.id = long_id;
  EXPECT_EQ(message_of(wide), "document 1: the id has 513 bytes, at most 512");
  wide = document;
  wide.metadata = long_metadata;
  EXPECT_EQ(message_of(wide), "document 1: metadata has 1048577 bytes, at most 1048576");
  wide = document;
  wide.content = long_content;
  EXPECT_EQ(message_of(wide), "document 1: content has 16777217 bytes, at most 16777216");
  wide = document;
  wide.vector_count = 1;
  EXPECT_EQ(message_of(wide), "document 1: the collection has no vectors, got 1");

  ByteWriter many;
  many.put(OperationKind::Remove);
  many.put(std::uint32_t{100'001});
  EXPECT_EQ(decode_operation(many.view(), 0).error().message,
            "an operation takes at most 100000 ids, got 100001");
}

TEST(Operation, ACountThatTheBytesCannotHoldIsRefusedBeforeAnythingIsAllocated) {
  ByteWriter lying;
  lying.put(OperationKind::Write);
  lying.put(WriteMode::Insert);
  lying.put(std::uint32_t{100'000});
  EXPECT_EQ(decode_operation(lying.view(), 0).error().code, ErrorCode::Corrupt);
}

TEST(Operation, ACalibrationComesBack) {
  Operation given;
  given.kind = OperationKind::Calibrate;
  given.curve_kind = CurveKind::Sample;
  given.curve = {.vectors = 7, .queries = 3, .points = {{10, 0.5f}, {20, 1.0f}}};
  const Bytes bytes = encode_operation(given);
  const Result<Operation> read = decode_operation(bytes, 0);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->kind, OperationKind::Calibrate);
  EXPECT_EQ(read->curve_kind, CurveKind::Sample);
  EXPECT_EQ(read->curve.vectors, 7u);
  ASSERT_EQ(read->curve.points.size(), 2u);
  EXPECT_EQ(read->curve.points[1].ef, 20u);
  Bytes other = bytes;
  other[1] = std::byte{2};
  EXPECT_FALSE(decode_operation(other, 0).has_value());
}

}  // namespace
}  // namespace corsac::collection

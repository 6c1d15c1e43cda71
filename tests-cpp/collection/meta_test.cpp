#include "collection/meta.h"

#include <gtest/gtest.h>

namespace corsac::collection {
namespace {

Meta sample() {
  Meta meta{.ordinals = 10, .live = 7, .slots = 9, .original_rows = 9, .index = {}};
  meta.index.kind = index::Kind::Hnsw;
  meta.index.codec = index::CodecKind::Sq8;
  meta.index.rerank = index::RerankStore::None;
  meta.index.seed = 0x1234567890;
  return meta;
}

TEST(Meta, WhatWasWrittenReadsBack) {
  const Bytes bytes = encode_meta(sample());
  EXPECT_EQ(bytes.size(), kMetaBytes);
  const auto read = decode_meta(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, sample());
}

TEST(Meta, TheFirstVersionStillReads) {
  Bytes bytes = encode_meta(sample());
  bytes.resize(52);
  bytes[0] = std::byte{1};
  const auto read = decode_meta(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, sample());
}

TEST(Meta, ACalibrationComesAfterTheRest) {
  Meta meta = sample();
  meta.calibration.set(CurveKind::Own, {.vectors = 9, .queries = 5, .points = {{10, 0.5f}}});
  const Bytes bytes = encode_meta(meta);
  EXPECT_GT(bytes.size(), kMetaBytes);
  const auto read = decode_meta(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->calibration.curve(CurveKind::Own).points.size(), 1u);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    // A calibration may be missing, but not in part.
    EXPECT_EQ(decode_meta(ByteView(bytes).first(length)).has_value(), length == kMetaBytes)
        << length;
  }
}

TEST(Meta, OptionsThatChangedStandBeforeTheCalibration) {
  Meta meta = sample();
  meta.options = R"({"dimension":4})";
  for (const bool calibrated : {false, true}) {
    if (calibrated)
      meta.calibration.set(CurveKind::Own, {.vectors = 9, .queries = 5, .points = {{10, 0.5f}}});
    const auto read = decode_meta(encode_meta(meta));
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(*read, meta);
    EXPECT_EQ(read->calibration.empty(), !calibrated);
  }
}

TEST(Meta, ANewerVersionIsUnsupportedAndAnyOtherDamageCorrupt) {
  const Bytes good = encode_meta(sample());
  Bytes newer = good;
  newer[0] = std::byte{5};
  EXPECT_EQ(decode_meta(newer).error().code, ErrorCode::UnsupportedFormat);
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(decode_meta(ByteView(good).first(length)).error().code, ErrorCode::Corrupt) << length;
  }
  const std::size_t live_at = 8, metric_at = 24, rerank_at = 27;
  for (const std::size_t at : {live_at, metric_at, rerank_at}) {
    Bytes bytes = good;
    bytes[at] = std::byte{99};
    EXPECT_EQ(decode_meta(bytes).error().code, ErrorCode::Corrupt) << at;
  }
}

}  // namespace
}  // namespace corsac::collection

#include "storage/chunk_reader.h"

#include <gtest/gtest.h>

#include "storage/chunk_format.h"
#include "storage/chunk_writer.h"
#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

struct Blob {
  Bytes raw, stored;
  Checksum128 chain;
};

Blob written(compress::Codec codec, const std::vector<std::size_t>& sizes, bool noise = false) {
  Blob blob;
  ChunkWriter writer(codec);
  for (const std::size_t size : sizes) {
    Bytes raw = test_operation(blob.raw.size() + 1, size);
    Random random(size);
    if (noise) std::ranges::generate(raw, [&] { return static_cast<std::byte>(random.next()); });
    const Bytes chunk = writer.encode(raw);
    blob.raw.insert(blob.raw.end(), raw.begin(), raw.end());
    blob.stored.insert(blob.stored.end(), chunk.begin(), chunk.end());
  }
  blob.chain = writer.chain();
  return blob;
}

Result<Bytes> read(ByteView stored, const Checksum128& chain, std::size_t step) {
  ChunkReader reader;
  Bytes out;
  for (std::size_t at = 0; at < stored.size(); at += step) {
    const Status fed = reader.feed(stored.subspan(at, std::min(step, stored.size() - at)), out);
    if (!fed) return fed.error();
  }
  const Status whole = reader.finish(chain);
  if (!whole) return whole.error();
  return out;
}

TEST(Chunks, ComeBackFromPiecesOfAnySizeWithEveryCodec) {
  for (const auto codec : {compress::Codec::None, compress::Codec::Gzip, compress::Codec::Lz4,
                           compress::Codec::Zstd}) {
    const Blob blob = written(codec, {100, 5000, 1});
    EXPECT_EQ(blob.stored.size() < blob.raw.size(), codec != compress::Codec::None);
    for (const std::size_t step : {1u, 31u, 32u, 33u, 100'000u}) {
      const Result<Bytes> raw = read(blob.stored, blob.chain, step);
      ASSERT_TRUE(raw);
      EXPECT_EQ(*raw, blob.raw);
    }
  }
}

TEST(Chunks, StayPlainWhenCompressionDoesNotPay) {
  const Blob blob = written(compress::Codec::Zstd, {4000}, true);
  EXPECT_EQ(blob.stored.size(), 4000 + kChunkHeaderBytes);
  ASSERT_TRUE(read(blob.stored, blob.chain, 1000));
}

TEST(Chunks, RefuseEveryFlippedBitAndEveryTruncation) {
  const Blob blob = written(compress::Codec::Lz4, {100, 60});
  for (std::size_t bit = 0; bit < blob.stored.size() * 8; ++bit) {
    Bytes damaged = blob.stored;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(read(damaged, blob.chain, 1000)) << bit;
  }
  for (std::size_t length = 0; length < blob.stored.size(); ++length) {
    EXPECT_FALSE(read(ByteView(blob.stored).first(length), blob.chain, 1000)) << length;
  }
}

// A chunk with a true checksum that holds `stored` and claims to be `raw_bytes` long.
Bytes forged(compress::Codec codec, ByteView stored, std::uint32_t raw_bytes) {
  ByteWriter out;
  for (int i = 0; i < 2; ++i) out.put(std::uint64_t{0});
  out.put(static_cast<std::uint32_t>(stored.size()));
  out.put(raw_bytes);
  out.put(codec);
  out.pad_to(kChunkHeaderBytes);
  out.append(stored);
  const Checksum128 checksum = checksum128(out.view().subspan(chunk_field::kStoredBytes));
  out.overwrite(0, checksum.low);
  out.overwrite(8, checksum.high);
  return std::move(out).take();
}

TEST(Chunks, RefuseABombBeforeItGrowsPastOneChunk) {
  for (const auto codec : {compress::Codec::Gzip, compress::Codec::Lz4, compress::Codec::Zstd}) {
    const Bytes stored = compress::encode(codec, Bytes(50u << 20, std::byte{'a'}));
    ASSERT_LT(stored.size(), kMaxChunkRaw);
    for (const std::size_t claim : {std::size_t{1}, std::size_t{1000}, kMaxChunkRaw,
                                    kMaxChunkRaw + 1, std::size_t{50} << 20}) {
      ChunkReader reader;
      Bytes out;
      const Status fed = reader.feed(forged(codec, stored, static_cast<std::uint32_t>(claim)), out);
      ASSERT_FALSE(fed) << claim;
      EXPECT_EQ(fed.error().code, ErrorCode::Corrupt);
      EXPECT_TRUE(out.empty());
      EXPECT_LT(out.capacity(), kMaxChunkRaw);
    }
  }
}

TEST(Chunks, GrowUnderOneChain) {
  ChunkWriter first(compress::Codec::None);
  Bytes stored = first.encode(as_byte_view("one"));
  ChunkWriter second(compress::Codec::None, first.chain());
  const Bytes more = second.encode(as_byte_view("two"));
  EXPECT_TRUE(read(stored, first.chain(), 100));
  stored.insert(stored.end(), more.begin(), more.end());
  const Result<Bytes> raw = read(stored, second.chain(), 100);
  ASSERT_TRUE(raw);
  EXPECT_EQ(as_text(*raw), "onetwo");
  EXPECT_FALSE(read(stored, first.chain(), 100));
}

}  // namespace
}  // namespace corsac::storage

// What is fuzzed: every reader of stored bytes. Each target takes any bytes and must neither crash
// nor allocate without bound. The first byte decides whether checksums are put right first, so that
// what lies behind them is reached; the files of fuzz/corpus are replayed by
// tests-cpp/storage/fuzz_corpus_test.cpp.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include "collection/collection.h"
#include "storage/chunk_format.h"
#include "storage/chunk_reader.h"
#include "storage/client_table.h"
#include "storage/log_history.h"
#include "storage/piece_checks.h"
#include "storage/root.h"
#include "storage/root_format.h"

namespace corsac::fuzz {

inline constexpr std::uint32_t kCollection = 7;

/// The store that corpus files belong to: 0, 1, 2, ...
inline storage::Uuid store() {
  storage::Uuid out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::byte>(i);
  return out;
}

template <class T>
void overwrite(Bytes& bytes, std::size_t at, const T& value) {
  if (bytes.size() >= sizeof value && at <= bytes.size() - sizeof value)
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

/// Makes a header and the frames behind it valid, as far as their lengths lead.
inline void repair_segment(Bytes& bytes) {
  using namespace storage;
  if (bytes.size() < kSegmentHeaderBytes) return;
  std::ranges::copy(std::as_bytes(std::span(kSegmentMagic)), bytes.begin());
  overwrite(bytes, segment_field::kStore, store());
  overwrite(bytes, segment_field::kNumber, std::uint64_t{1});
  overwrite(bytes, segment_field::kChecksum,
            checksum64(ByteView(bytes).first(segment_field::kChecksum)));
  const SegmentHeader header = read_segment_header(bytes, store(), 1).header;
  std::size_t at = kSegmentHeaderBytes;
  for (std::uint64_t sequence = header.first_sequence; bytes.size() - at >= kFrameHeaderBytes;
       ++sequence) {
    ByteReader reader(ByteView(bytes).subspan(at + frame_field::kPayloadBytes));
    const std::size_t length = std::min<std::size_t>(reader.get<std::uint32_t>() % 4096,
                                                     bytes.size() - at - kFrameHeaderBytes);
    overwrite(bytes, at, header.tag());
    overwrite(bytes, at + frame_field::kPayloadBytes, static_cast<std::uint32_t>(length));
    overwrite(bytes, at + frame_field::kSequence, sequence);
    const ByteView frame = ByteView(bytes).subspan(at, kFrameHeaderBytes + length);
    overwrite(bytes, at + frame_field::kChecksum,
              checksum64(frame.first(frame_field::kChecksum), frame.subspan(kFrameHeaderBytes),
                         header.salt.low));
    at = std::min(bytes.size(), at + kFrameHeaderBytes + (length + 7) / 8 * 8);
  }
}

inline void repair_root(Bytes& bytes) {
  using namespace storage;
  if (bytes.size() < kRootHeaderBytes + kRootChecksumBytes) return;
  overwrite(bytes, root_field::kLength, static_cast<std::uint32_t>(bytes.size()));
  overwrite(bytes, root_field::kStore, store());
  overwrite(bytes, bytes.size() - kRootChecksumBytes,
            checksum128(ByteView(bytes).first(bytes.size() - kRootChecksumBytes)));
}

inline void repair_chunks(Bytes& bytes) {
  using namespace storage;
  for (std::size_t at = 0; bytes.size() - at >= kChunkHeaderBytes;) {
    ByteReader reader(ByteView(bytes).subspan(at + chunk_field::kStoredBytes));
    const std::size_t length = std::min<std::size_t>(reader.get<std::uint32_t>() % 4096,
                                                     bytes.size() - at - kChunkHeaderBytes);
    overwrite(bytes, at + chunk_field::kStoredBytes, static_cast<std::uint32_t>(length));
    const ByteView body = ByteView(bytes).subspan(at, kChunkHeaderBytes + length);
    overwrite(bytes, at, checksum128(body.subspan(chunk_field::kStoredBytes)));
    at += body.size();
  }
}

/// The input without its first byte, repaired when that is odd.
inline Bytes prepared(ByteView input, void (*repair)(Bytes&)) {
  if (input.empty()) return {};
  Bytes bytes(input.begin() + 1, input.end());
  if ((std::to_integer<unsigned>(input[0]) & 1) != 0) repair(bytes);
  return bytes;
}

inline void log_segment(ByteView input) {
  storage::LogHistory history({}, store(), std::nullopt);
  history.add(1, prepared(input, repair_segment));
  const Result<storage::LogVerdict> verdict = std::move(history).judge(0);
  if (!verdict) return;
  for (const storage::LoggedOperation& operation : verdict->operations) {
    (void)collection::decode_operation(operation.bytes, 4).has_value();
  }
}

inline void root_pair(ByteView input) {
  const Bytes bytes = prepared(input, repair_root);
  storage::RootPair pair;
  pair.slots[0].assign(bytes.begin(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2));
  pair.slots[1] = bytes;
  (void)storage::read_roots(pair, store(), kCollection).has_value();
  (void)storage::Catalog::open(pair, true).has_value();
}

inline void operation(ByteView input) {
  for (const std::uint32_t dimension : {0u, 4u})
    (void)collection::decode_operation(input, dimension).has_value();
}

inline void blob(ByteView input) {
  const Bytes bytes = prepared(input, repair_chunks);
  storage::ChunkReader reader;
  Bytes out;
  if (reader.feed(bytes, out)) (void)reader.finish({}).has_value();
  (void)storage::ClientTable::decode(bytes).has_value();
  const Result<storage::PieceChecks> checks = storage::PieceChecks::decode(bytes);
  if (checks) (void)checks->check(SectionId::Originals, 0, bytes).has_value();
}

/// (u8 section, u8 key, u16 length, bytes)*: what a snapshot gave, however impossible.
class AnySource final : public SectionSource {
 public:
  explicit AnySource(ByteView input) {
    ByteReader reader(input);
    while (reader.remaining() >= 4) {
      const auto id = static_cast<SectionId>(reader.get<std::uint8_t>() % 18);
      const auto key = reader.get<std::uint8_t>();
      const ByteView content =
          reader.take(std::min<std::size_t>(reader.get<std::uint16_t>(), reader.remaining()));
      Bytes& into = id == SectionId::TextSegments ? segments_[key] : sections_[id];
      into.insert(into.end(), content.begin(), content.end());
    }
  }
  ByteView section(SectionId id) const override {
    const auto found = sections_.find(id);
    return found == sections_.end() || !is_resident(id) ? ByteView() : ByteView(found->second);
  }
  std::vector<SegmentView> segments(SectionId id) const override {
    std::vector<SegmentView> out;
    if (id != SectionId::TextSegments) return out;
    for (const auto& [key, bytes] : segments_) out.push_back({key, bytes});
    return out;
  }
  std::uint64_t length(SectionId id) const override {
    const auto found = sections_.find(id);
    return found == sections_.end() ? 0 : found->second.size();
  }

 private:
  std::map<SectionId, Bytes> sections_;
  std::map<std::uint64_t, Bytes> segments_;
};

/// The first byte chooses the index; a collection that loads is also asked.
inline void section_load(ByteView input) {
  if (input.empty()) return;
  collection::CollectionOptions options;
  options.dimension = options.index.dimension = 4;
  options.index.kind =
      (std::to_integer<unsigned>(input[0]) & 1) != 0 ? index::Kind::Hnsw : index::Kind::Flat;
  constexpr index::CodecKind kCodecs[] = {index::CodecKind::F32, index::CodecKind::Sq8,
                                          index::CodecKind::Sq4, index::CodecKind::Binary};
  const unsigned codec = std::to_integer<unsigned>(input[0]) >> 1 & 3;
  options.index.codec = kCodecs[codec];
  if (codec > 1) options.index.rerank = index::RerankStore::Sq8;
  options.auto_index = false;
  const AnySource source(input.subspan(1));
  const Result<collection::Collection> loaded = collection::Collection::load(options, source);
  if (!loaded) return;
  const float vector[] = {1, 0, -1, 2};
  collection::SearchRequest request;
  request.mode = collection::Mode::Hybrid;
  request.vector = vector;
  request.text = "fox a";
  (void)loaded->search(request).has_value();
  (void)loaded->count(nullptr);
}

struct Target {
  const char* name;
  void (*run)(ByteView);
};
inline constexpr Target kTargets[] = {{"log_segment", log_segment},
                                      {"root_pair", root_pair},
                                      {"operation", operation},
                                      {"blob", blob},
                                      {"section_load", section_load}};

}  // namespace corsac::fuzz

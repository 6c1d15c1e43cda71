#include "collection/meta.h"

#include <string>
#include <utility>

namespace corsac::collection {

bool same_index(const index::IndexOptions& a, const index::IndexOptions& b) noexcept {
  return a.kind == b.kind && a.codec == b.codec && a.metric == b.metric &&
         a.dimension == b.dimension && a.m == b.m && a.ef_construction == b.ef_construction &&
         a.ef_search == b.ef_search && a.rerank == b.rerank && a.seed == b.seed &&
         a.bits == b.bits && a.candidates == b.candidates && a.subvectors == b.subvectors &&
         a.iterations == b.iterations && a.samples == b.samples;
}

bool operator==(const Meta& a, const Meta& b) {
  return a.ordinals == b.ordinals && a.live == b.live && a.slots == b.slots &&
         a.original_rows == b.original_rows && same_index(a.index, b.index) &&
         a.options == b.options;
}

Bytes encode_meta(const Meta& meta) {
  ByteWriter writer;
  const std::uint32_t version = !meta.options.empty() ? 4 : meta.calibration.empty() ? 2 : 3;
  for (const std::uint32_t value :
       {version, meta.ordinals, meta.live, meta.slots, meta.original_rows, meta.index.dimension}) {
    writer.put(value);
  }
  writer.put(meta.index.metric);
  writer.put(meta.index.kind);
  writer.put(meta.index.codec);
  writer.put(static_cast<std::uint8_t>(meta.index.rerank));
  for (const std::uint32_t value :
       {meta.index.m, meta.index.ef_construction, meta.index.ef_search, 0u})
    writer.put(value);
  writer.put(meta.index.seed);
  for (const std::uint32_t value : {meta.index.bits, meta.index.candidates, meta.index.subvectors,
                                    meta.index.iterations, meta.index.samples})
    writer.put(value);
  if (version > 3) writer.put_text(meta.options);
  if (version > 2) meta.calibration.encode(writer);
  return std::move(writer).take();
}

Result<Meta> decode_meta(ByteView bytes) {
  const auto corrupt = [](std::string what) {
    return Error{ErrorCode::Corrupt, "section meta: " + std::move(what)};
  };
  ByteReader reader(bytes);
  const auto version = reader.get<std::uint32_t>();
  if (version > kMetaVersion) {
    return Error{ErrorCode::UnsupportedFormat,
                 "section meta has version " + std::to_string(version) +
                     ", this library reads up to " + std::to_string(kMetaVersion)};
  }
  Meta out;
  for (std::uint32_t* value :
       {&out.ordinals, &out.live, &out.slots, &out.original_rows, &out.index.dimension}) {
    *value = reader.get<std::uint32_t>();
  }
  const auto metric = reader.get<std::uint8_t>();
  const auto kind = reader.get<std::uint8_t>();
  const auto codec = reader.get<std::uint8_t>();
  const auto rerank = reader.get<std::uint8_t>();
  for (std::uint32_t* value : {&out.index.m, &out.index.ef_construction, &out.index.ef_search}) {
    *value = reader.get<std::uint32_t>();
  }
  const auto zero = reader.get<std::uint32_t>();
  out.index.seed = reader.get<std::uint64_t>();
  if (version > 1) {
    for (std::uint32_t* value : {&out.index.bits, &out.index.candidates, &out.index.subvectors,
                                 &out.index.iterations, &out.index.samples})
      *value = reader.get<std::uint32_t>();
  }
  if (version > 3) out.options = reader.get_text();
  if (reader.ok() && version > 2) {
    Result<Calibration> calibration = Calibration::decode(reader.take(reader.remaining()));
    if (!calibration) return calibration.error();
    out.calibration = *std::move(calibration);
  }
  if (!reader.finished() || version == 0)
    return corrupt(std::to_string(bytes.size()) + " bytes of version " + std::to_string(version));
  if (metric > 2 || kind > 1 || codec > 4 || rerank > 5 || zero != 0)
    return corrupt("the index it describes is unknown");
  if (out.live > out.ordinals || out.ordinals > kNoOrdinal / 2) {
    return corrupt(std::to_string(out.live) + " live of " + std::to_string(out.ordinals) +
                   " documents");
  }
  out.index.metric = static_cast<Metric>(metric);
  out.index.kind = static_cast<index::Kind>(kind);
  out.index.codec = static_cast<index::CodecKind>(codec);
  out.index.rerank = static_cast<index::RerankStore>(rerank);
  return out;
}

}  // namespace corsac::collection

#include "text/text_meta.h"

#include <string>

#include "base/checksum.h"
#include "text/analysis.h"

namespace corsac::text {
namespace {

constexpr std::uint32_t kMagic = 0x4D584353;  // "SCXM"
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kBodyAt = 16;

// k1 and b are left out: they weigh terms, they do not shape them.
std::uint64_t fingerprint(const TextOptions& options) {
  ByteWriter out;
  out.put(options.analyzer);
  out.put(options.stop_words);
  out.put(options.fold_accents);
  out.put_text(options.language);
  for (const std::string& word : options.own_stop_words) out.put_text(word);
  for (const TextField& field : options.fields) out.put_text(field.path);
  return checksum64(out.view());
}

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "text index: " + std::move(what)}; }

bool segments_are_in_order(const TextMeta& meta, std::uint64_t size) {
  std::uint64_t end = 0;
  for (const SegmentRef& segment : meta.segments) {
    if (segment.first < end || segment.key >= meta.next_key) return false;
    end = static_cast<std::uint64_t>(segment.first) + segment.span;
  }
  return end <= size;
}

}  // namespace

Bytes encode(const TextMeta& meta, const TextOptions& options) {
  ByteWriter body;
  body.put(fingerprint(options));
  body.put(static_cast<std::uint32_t>(meta.deleted.size()));
  body.put(meta.next_key);
  body.put(static_cast<std::uint32_t>(meta.segments.size()));
  for (const SegmentRef& segment : meta.segments) {
    body.put(segment.key);
    body.put(segment.first);
    body.put(segment.span);
  }
  body.put_all(meta.deleted.words());
  ByteWriter out;
  out.put(kMagic);
  out.put(kVersion);
  out.put(kAnalysisVersion);
  out.put(checksum64(body.view()));
  out.append(body.view());
  return std::move(out).take();
}

Result<TextMeta> decode_text_meta(ByteView bytes, const TextOptions& options) {
  ByteReader reader(bytes);
  const auto magic = reader.get<std::uint32_t>();
  const auto version = reader.get<std::uint16_t>();
  const auto analysis_version = reader.get<std::uint16_t>();
  const auto checksum = reader.get<std::uint64_t>();
  if (!reader.ok())
    return corrupt("only " + std::to_string(bytes.size()) + " bytes of its description are left");
  if (magic != kMagic) return corrupt("wrong magic number " + std::to_string(magic));
  if (checksum != checksum64(bytes.subspan(kBodyAt)))
    return corrupt("wrong checksum of its description");
  if (version != kVersion || analysis_version != kAnalysisVersion) {
    return Error{ErrorCode::UnsupportedFormat,
                 "text index of version " + std::to_string(version) + ", analysis " +
                     std::to_string(analysis_version) + "; this build reads 1 and " +
                     std::to_string(kAnalysisVersion)};
  }
  if (reader.get<std::uint64_t>() != fingerprint(options)) {
    return corrupt("made with other analysis options than language '" + options.language +
                   "' as given");
  }
  TextMeta meta;
  const auto size = reader.get<std::uint32_t>();
  meta.next_key = reader.get<std::uint64_t>();
  const auto segments = reader.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < segments && reader.ok(); ++i) {
    const auto key = reader.get<std::uint64_t>();
    const auto first = reader.get<std::uint32_t>();
    meta.segments.push_back({key, first, reader.get<std::uint32_t>()});
  }
  std::vector<std::uint64_t> deleted =
      reader.get_all<std::uint64_t>((static_cast<std::size_t>(size) + 63) / 64);
  if (!reader.finished())
    return corrupt("its description does not fill " + std::to_string(bytes.size()) + " bytes");
  if (!segments_are_in_order(meta, size))
    return corrupt("its segments overlap or pass its " + std::to_string(size) + " ordinals");
  meta.deleted = Bitset::from_words(std::move(deleted), size);
  return meta;
}

}  // namespace corsac::text

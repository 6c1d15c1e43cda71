#include "index/tombstones.h"

#include <string>
#include <utility>
#include <vector>

namespace corsac::index {
namespace {

constexpr std::uint16_t kVersion = 1;

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "index: " + std::move(what)}; }

}  // namespace

void Tombstones::encode(const IndexOptions& options, ByteWriter& out) const {
  out.put(kVersion);
  out.put(options.kind);
  out.put(options.codec);
  out.put(options.metric);
  out.put(std::uint8_t{0});
  out.put(std::uint16_t{0});
  out.put(options.dimension);
  out.put(static_cast<std::uint64_t>(size()));
  out.put_all(removed_.words());
}

Result<Tombstones> Tombstones::decode(const IndexOptions& options, std::size_t vectors,
                                      ByteReader& in) {
  const auto version = in.get<std::uint16_t>();
  if (in.ok() && version > kVersion) {
    return Error{ErrorCode::UnsupportedFormat, "index: version " + std::to_string(version) +
                                                   ", this library reads up to " +
                                                   std::to_string(kVersion)};
  }
  const auto kind = in.get<std::uint8_t>();
  const auto codec = in.get<std::uint8_t>();
  const auto metric = in.get<std::uint8_t>();
  const auto reserved = in.get<std::uint8_t>() | in.get<std::uint16_t>();
  const auto dimension = in.get<std::uint32_t>();
  const auto size = in.get<std::uint64_t>();
  if (!in.ok() || version != kVersion || reserved != 0) return corrupt("the header is damaged");
  if (kind != static_cast<std::uint8_t>(options.kind) ||
      codec != static_cast<std::uint8_t>(options.codec) ||
      metric != static_cast<std::uint8_t>(options.metric) || dimension != options.dimension) {
    return corrupt("the header names another kind, codec, metric or dimension than the collection");
  }
  if (size != vectors) {
    return corrupt(std::to_string(size) + " vectors, the collection has " +
                   std::to_string(vectors));
  }
  std::vector<std::uint64_t> words = in.get_all<std::uint64_t>((vectors + 63) / 64);
  if (!in.ok()) return corrupt("the bitmap of removed vectors is cut off");
  if (vectors % 64 != 0 && words.back() >> (vectors % 64) != 0) {
    return corrupt("the bitmap of removed vectors names one that does not exist");
  }
  Tombstones out;
  out.removed_ = Bitset::from_words(std::move(words), vectors);
  out.count_ = out.removed_.count();
  return out;
}

}  // namespace corsac::index

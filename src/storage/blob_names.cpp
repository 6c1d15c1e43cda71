#include "storage/blob_names.h"

#include <charconv>

namespace corsac::storage {
namespace {

constexpr std::string_view kBlob = "/blob-";
constexpr std::string_view kSegment = "/wal-";

// Only the spelling that std::to_string gives: "01" and "+1" are nobody's.
std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::to_string(value) != text)
    return std::nullopt;
  return value;
}

}  // namespace

std::string root_name(std::uint32_t collection) { return std::to_string(collection); }

std::string blob_name(std::uint32_t collection, std::uint64_t number) {
  return root_name(collection).append(kBlob).append(std::to_string(number));
}

std::string segment_name(std::uint32_t collection, std::uint64_t number) {
  return root_name(collection).append(kSegment).append(std::to_string(number));
}

std::string name_of(std::uint32_t collection, const BlobKey& key) {
  return key.is_segment ? segment_name(collection, key.number) : blob_name(collection, key.number);
}

std::optional<BlobKey> parse_name(std::uint32_t collection, std::string_view name) {
  const std::string folder = root_name(collection);
  if (!name.starts_with(folder)) return std::nullopt;
  name.remove_prefix(folder.size());
  for (const std::string_view kind : {kBlob, kSegment}) {
    if (!name.starts_with(kind)) continue;
    if (const auto number = decimal(name.substr(kind.size())))
      return BlobKey{kind == kSegment, *number};
  }
  return std::nullopt;
}

}  // namespace corsac::storage

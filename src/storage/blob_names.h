// What is a blob called? The names of effect.h, made and read in one place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::storage {

std::string root_name(std::uint32_t collection);
std::string blob_name(std::uint32_t collection, std::uint64_t number);
std::string segment_name(std::uint32_t collection, std::uint64_t number);

struct BlobKey {
  bool is_segment = false;
  std::uint64_t number = 0;

  friend auto operator<=>(const BlobKey&, const BlobKey&) = default;
};

std::string name_of(std::uint32_t collection, const BlobKey& key);
/// Nothing for a name that this library did not give: such a blob is left alone.
std::optional<BlobKey> parse_name(std::uint32_t collection, std::string_view name);

}  // namespace corsac::storage

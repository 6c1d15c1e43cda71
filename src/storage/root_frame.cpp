// What all roots share, in every version: the prefix, the length and the checksum.
#include <algorithm>
#include <string>

#include "storage/root.h"
#include "storage/root_format.h"

namespace corsac::storage {

void open_root(ByteWriter& out, const std::array<std::uint8_t, 8>& magic, std::uint16_t flags,
               std::uint32_t features) {
  out.append(std::as_bytes(std::span(magic)));
  out.put(kRootMajor);
  out.put(kRootMinor);
  out.put(kRootMajor);  // the lowest version that may read it
  out.put(flags);
  out.put(features);
  out.put(std::uint32_t{0});
}

Bytes close_root(ByteWriter&& out) {
  out.overwrite(root_field::kLength, static_cast<std::uint32_t>(out.size() + kRootChecksumBytes));
  const Checksum128 checksum = checksum128(out.view());
  out.put(checksum.low);
  out.put(checksum.high);
  return std::move(out).take();
}

Status check_frame_of_root(ByteView bytes, const std::array<std::uint8_t, 8>& magic,
                           std::size_t limit, std::uint16_t& flags) {
  const auto corrupt = [](std::string why) { return Error{ErrorCode::Corrupt, std::move(why)}; };
  if (bytes.size() < kRootPrefixBytes + kRootChecksumBytes) {
    return corrupt("a root of " + std::to_string(bytes.size()) + " bytes, expected at least " +
                   std::to_string(kRootPrefixBytes + kRootChecksumBytes));
  }
  ByteReader tail(bytes.last(kRootChecksumBytes));
  Checksum128 stored;
  stored.low = tail.get<std::uint64_t>();
  stored.high = tail.get<std::uint64_t>();
  if (checksum128(bytes.first(bytes.size() - kRootChecksumBytes)) != stored)
    return corrupt("a root fails its checksum");
  ByteReader reader(bytes);
  if (!std::ranges::equal(reader.take(magic.size()), std::as_bytes(std::span(magic)))) {
    return corrupt("a root has another kind's magic number");
  }
  const auto major = reader.get<std::uint16_t>();
  const auto minor = reader.get<std::uint16_t>();
  const auto min_reader = reader.get<std::uint16_t>();
  flags = reader.get<std::uint16_t>();
  const auto incompatible = reader.get<std::uint32_t>();
  if (major > kRootMajor || min_reader > kRootMajor || (incompatible & ~kKnownFeatures) != 0) {
    return Error{ErrorCode::UnsupportedFormat,
                 "the store is of format " + std::to_string(major) + "." + std::to_string(minor) +
                     " (features " + std::to_string(incompatible) + "), this version reads " +
                     std::to_string(kRootMajor)};
  }
  if (bytes.size() > limit) {
    return corrupt("a root of " + std::to_string(bytes.size()) + " bytes passes the limit of " +
                   std::to_string(limit));
  }
  if (reader.get<std::uint32_t>() != bytes.size())
    return corrupt("a root is not as long as it says");
  return Done{};
}

}  // namespace corsac::storage

#include "text/growing_positions.h"

#include <algorithm>

namespace corsac::text {
namespace {

constexpr std::uint32_t kLinkBytes = sizeof(std::uint32_t);

// Chunk 0, 1, 2, ... of a list: 8, 16, 32, ... 256 bytes with their link.
std::uint32_t chunk_bytes(std::uint32_t chunk) noexcept { return 8u << std::min(chunk, 5u); }

}  // namespace

void GrowingPositions::append(List& list, std::uint32_t distance) {
  for (;; distance >>= 7) {
    if (list.at == list.end) extend(list);
    pool_[list.at++] = static_cast<std::byte>(distance < 0x80 ? distance : distance | 0x80);
    if (distance < 0x80) return;
  }
}

void GrowingPositions::extend(List& list) {
  const auto start = static_cast<std::uint32_t>(pool_.size());
  const std::uint32_t size = chunk_bytes(list.chunks);
  if (list.chunks++ == 0) {
    list.first = start;
  } else {
    std::memcpy(pool_.data() + list.end, &start, kLinkBytes);
  }
  pool_.resize(pool_.size() + size);
  list.at = start;
  list.end = start + size - kLinkBytes;
}

void GrowingPositions::copy(const List& list, Bytes& out) const {
  std::uint32_t start = list.first;
  for (std::uint32_t chunk = 0; chunk < list.chunks; ++chunk) {
    const std::uint32_t link = start + chunk_bytes(chunk) - kLinkBytes;
    const std::uint32_t end = chunk + 1 == list.chunks ? list.at : link;
    out.insert(out.end(), pool_.data() + start, pool_.data() + end);
    std::memcpy(&start, pool_.data() + link, kLinkBytes);
  }
}

}  // namespace corsac::text

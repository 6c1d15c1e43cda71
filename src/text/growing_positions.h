// The positions of terms that still grow (positions.h): bytes in chunks of one pool, each ending in
// a link to the next.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace corsac::text {

class GrowingPositions {
 public:
  struct List {
    std::uint32_t first = 0;
    std::uint32_t at = 0;   ///< where the next byte goes
    std::uint32_t end = 0;  ///< where the last chunk's link stands
    std::uint32_t chunks = 0;
  };

  void append(List& list, std::uint32_t distance);
  /// Appends all bytes of the list.
  void copy(const List& list, Bytes& out) const;
  std::uint64_t memory_bytes() const noexcept { return pool_.capacity(); }

 private:
  void extend(List& list);

  Bytes pool_;
};

}  // namespace corsac::text

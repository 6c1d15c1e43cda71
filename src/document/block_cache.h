// Which decoded blocks are worth their memory? Least recently used go first; blocks of the present
// request never go, so that a request larger than the budget can still be answered.
#pragma once

#include <cstdint>
#include <list>
#include <map>

#include "document/block.h"

namespace corsac::document {

class BlockCache {
 public:
  explicit BlockCache(std::uint64_t budget_bytes) : budget_bytes_(budget_bytes) {}

  /// Ends the present request: from here on its blocks may go.
  void begin_request() noexcept { ++request_; }
  /// The block, now part of the present request, or null.
  const DecodedBlock* touch(std::uint32_t block) noexcept;
  /// The block, or null; changes nothing.
  const DecodedBlock* peek(std::uint32_t block) const noexcept;
  /// Adds a block to the present request. Requires: it is not here.
  void insert(std::uint32_t block, DecodedBlock decoded);
  /// Lets blocks go until the budget holds or only the present request is left.
  void trim();
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  struct Entry {
    std::uint32_t block;
    std::uint64_t request;
    DecodedBlock decoded;
  };
  using Position = std::list<Entry>::iterator;

  std::list<Entry> recent_;  // the most recently used first
  std::map<std::uint32_t, Position> positions_;
  std::uint64_t budget_bytes_;
  std::uint64_t bytes_ = 0;
  std::uint64_t request_ = 0;
};

}  // namespace corsac::document

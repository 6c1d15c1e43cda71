#include "document/block_cache.h"

#include <cassert>
#include <utility>

namespace corsac::document {

const DecodedBlock* BlockCache::touch(std::uint32_t block) noexcept {
  const auto found = positions_.find(block);
  if (found == positions_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  found->second->request = request_;
  return &found->second->decoded;
}

const DecodedBlock* BlockCache::peek(std::uint32_t block) const noexcept {
  const auto found = positions_.find(block);
  return found == positions_.end() ? nullptr : &found->second->decoded;
}

void BlockCache::insert(std::uint32_t block, DecodedBlock decoded) {
  assert(!positions_.contains(block));
  bytes_ += decoded.bytes();
  recent_.push_front({block, request_, std::move(decoded)});
  positions_.emplace(block, recent_.begin());
}

void BlockCache::trim() {
  while (bytes_ > budget_bytes_ && !recent_.empty() && recent_.back().request != request_) {
    bytes_ -= recent_.back().decoded.bytes();
    positions_.erase(recent_.back().block);
    recent_.pop_back();
  }
}

}  // namespace corsac::document

#include "text/term_table.h"

#include <cstring>

namespace corsac::text {
namespace {

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15u;

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
  hash = (hash ^ word) * kMultiplier;
  return hash ^ (hash >> 32);
}

// Eight bytes at a time; only its distribution matters, it is never stored.
std::uint32_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = text.size() * kMultiplier;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    hash = mix(hash, word);
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < left; ++i) word |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  return static_cast<std::uint32_t>(mix(hash, word));
}

}  // namespace

std::size_t TermTable::slot_of(std::string_view text, std::uint32_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kNone || (slot.hash == hash && (*this)[slot.id] == text)) return at;
  }
}

std::uint32_t TermTable::find(std::string_view text) const noexcept { return slots_[slot_of(text, hash_of(text))].id; }

std::pair<std::uint32_t, bool> TermTable::insert(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  std::size_t at = slot_of(text, hash);
  if (slots_[at].id != kNone) return {slots_[at].id, false};
  if (2 * (ends_.size() + 1) > slots_.size()) {
    grow();
    at = slot_of(text, hash);
  }
  const std::uint32_t id = size();
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  slots_[at] = {hash, id};
  return {id, true};
}

void TermTable::clear() { *this = TermTable(); }

void TermTable::grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.id == kNone) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].id != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::size_t TermTable::memory_bytes() const noexcept {
  return bytes_.capacity() + ends_.capacity() * sizeof(std::uint32_t) + slots_.capacity() * sizeof(Slot);
}

}  // namespace corsac::text

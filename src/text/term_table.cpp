#include "text/term_table.h"

#include <cstring>

namespace corsac::text {
namespace {

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15u;

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
  hash = (hash ^ word) * kMultiplier;
  return hash ^ (hash >> 32);
}

}  // namespace

std::uint64_t TermTable::key_of(std::string_view text) noexcept {
  std::uint64_t hash = 0;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left > kInline; left -= kInline, at += kInline) {
    std::uint64_t word;
    std::memcpy(&word, at, kInline);
    hash = mix(hash, word);
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < left; ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  return text.size() <= kInline ? word : mix(hash, word);
}

// Only its distribution matters: it is never stored.
std::size_t TermTable::hash_of(std::uint64_t key, std::size_t length) noexcept {
  return static_cast<std::size_t>(mix(length, key));
}

const TermTable::Slot& TermTable::slot_of(std::string_view text, std::uint64_t key) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash_of(key, text.size()) & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kNone) return slot;
    if (slot.key != key || slot.length != text.size()) continue;
    if (text.size() <= kInline || (*this)[slot.id] == text) return slot;
  }
}

std::uint32_t TermTable::find(std::string_view text) const noexcept {
  return slot_of(text, key_of(text)).id;
}

std::pair<std::uint32_t, bool> TermTable::insert(std::string_view text) {
  const std::uint64_t key = key_of(text);
  if (const Slot& slot = slot_of(text, key); slot.id != kNone) return {slot.id, false};
  if (2 * ends_.size() > slots_.size()) grow();
  const std::uint32_t id = size();
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  place({key, static_cast<std::uint32_t>(text.size()), id});
  return {id, true};
}

void TermTable::clear() { *this = TermTable(); }

// Requires: its text is not in the table, and there is room.
void TermTable::place(const Slot& slot) noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash_of(slot.key, slot.length) & mask;
  while (slots_[at].id != kNone) at = (at + 1) & mask;
  slots_[at] = slot;
}

void TermTable::grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.id != kNone) place(slot);
  }
}

std::size_t TermTable::memory_bytes() const noexcept {
  return bytes_.capacity() + ends_.capacity() * sizeof(std::uint32_t) +
         slots_.capacity() * sizeof(Slot);
}

}  // namespace corsac::text

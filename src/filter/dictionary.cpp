#include "filter/dictionary.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <numeric>

#include "base/checksum.h"

namespace corsac::filter {
namespace {

constexpr std::uint32_t kFree = 0xFFFFFFFFu;

// Where `part` stands next in `text`, from `at` on. Eight places at a time are looked at by its
// first and its last byte: a C library's memchr is slow as wasm, and stops at every first byte.
std::size_t find_next(std::string_view text, std::string_view part, std::size_t at) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101u, kHigh = 0x8080808080808080u;
  if (part.size() > text.size()) return std::string_view::npos;
  const std::size_t end = text.size() - part.size() + 1;
  const std::uint64_t first = kOnes * static_cast<unsigned char>(part.front());
  const std::uint64_t last = kOnes * static_cast<unsigned char>(part.back());
  const auto stands = [&](std::size_t place) { return text.substr(place, part.size()) == part; };
  for (; at + 8 <= end; at += 8) {
    std::uint64_t starts, ends;
    std::memcpy(&starts, text.data() + at, sizeof starts);
    std::memcpy(&ends, text.data() + at + part.size() - 1, sizeof ends);
    const std::uint64_t differs = (starts ^ first) | (ends ^ last);
    if (((differs - kOnes) & ~differs & kHigh) == 0) continue;  // no byte is zero
    for (std::size_t i = 0; i < 8; ++i) {
      if (stands(at + i)) return at + i;
    }
  }
  for (; at < end; ++at) {
    if (stands(at)) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string_view Dictionary::operator[](std::uint32_t number) const noexcept {
  assert(number < ends_.size());
  const auto start = static_cast<std::size_t>(number == 0 ? 0 : ends_[number - 1]);
  return std::string_view(text_).substr(start, static_cast<std::size_t>(ends_[number]) - start);
}

// Where the string is in the table, or the free slot where it would be.
std::size_t Dictionary::slot_of(std::string_view text) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  auto slot = static_cast<std::size_t>(checksum64(as_byte_view(text))) & mask;
  while (slots_[slot] != kFree && (*this)[slots_[slot]] != text) slot = (slot + 1) & mask;
  return slot;
}

void Dictionary::grow() {
  slots_.assign(slots_.empty() ? 8 : slots_.size() * 2, kFree);
  for (std::uint32_t number = 0; number < ends_.size(); ++number)
    slots_[slot_of((*this)[number])] = number;
}

std::uint32_t Dictionary::intern(std::string_view text) {
  if (ends_.size() * 2 >= slots_.size()) grow();
  const std::size_t slot = slot_of(text);
  if (slots_[slot] == kFree) {
    slots_[slot] = static_cast<std::uint32_t>(ends_.size());
    text_.append(text);
    ends_.push_back(text_.size());
  }
  return slots_[slot];
}

std::optional<std::uint32_t> Dictionary::find(std::string_view text) const noexcept {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t number = slots_[slot_of(text)];
  return number == kFree ? std::nullopt : std::optional(number);
}

std::vector<std::uint32_t> Dictionary::containing(std::string_view part) const {
  std::vector<std::uint32_t> out;
  if (part.empty()) {
    out.resize(ends_.size());
    std::iota(out.begin(), out.end(), std::uint32_t{0});
    return out;
  }
  auto end = ends_.begin();
  for (std::size_t at = 0; (at = find_next(text_, part, at)) != std::string::npos;) {
    end = std::upper_bound(end, ends_.end(), at);
    // What begins in one string and ends in the next is in neither.
    if (at + part.size() > *end) {
      ++at;
      continue;
    }
    out.push_back(static_cast<std::uint32_t>(end - ends_.begin()));
    at = static_cast<std::size_t>(*end);
  }
  return out;
}

void Dictionary::save(ByteWriter& out) const {
  out.put(static_cast<std::uint32_t>(ends_.size()));
  for (std::uint32_t number = 0; number < ends_.size(); ++number) out.put_text((*this)[number]);
}

Dictionary Dictionary::load(ByteReader& in) {
  Dictionary out;
  const auto count = in.get<std::uint32_t>();
  for (std::uint32_t number = 0; number < count && in.ok(); ++number) {
    const std::string_view text = in.get_text();
    if (in.ok() && out.intern(text) != number) in.fail();
  }
  return in.ok() ? out : Dictionary{};
}

std::uint64_t Dictionary::bytes() const noexcept {
  return text_.size() + ends_.size() * sizeof(std::uint64_t) +
         slots_.size() * sizeof(std::uint32_t);
}

}  // namespace corsac::filter

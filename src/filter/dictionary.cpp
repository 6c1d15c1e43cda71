#include "filter/dictionary.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <numeric>

#include "base/checksum.h"

namespace corsac::filter {
namespace {

constexpr std::uint32_t kFree = 0xFFFFFFFFu;

constexpr std::size_t kStretch = 64;

// Whether any of the kStretch places may hold the part, by its first, its middle and its last byte.
// A loop that compilers make vectors of, and that stops at few places in vain.
bool may_hold(const char* text, std::string_view part) noexcept {
  const char *middles = text + part.size() / 2, *lasts = text + part.size() - 1;
  const char first = part.front(), middle = part[part.size() / 2], last = part.back();
  std::uint8_t found = 0;
  for (std::size_t i = 0; i < kStretch; ++i)
    found |= static_cast<std::uint8_t>(static_cast<std::uint8_t>(text[i] == first) &
                                       static_cast<std::uint8_t>(middles[i] == middle) &
                                       static_cast<std::uint8_t>(lasts[i] == last));
  return found != 0;
}

// Where `part` stands next in `text`, from `at` on.
std::size_t find_next(std::string_view text, std::string_view part, std::size_t at) noexcept {
  if (part.size() > text.size()) return std::string_view::npos;
  const std::size_t end = text.size() - part.size() + 1;
  while (at < end) {
    const std::size_t stop = std::min(at + kStretch, end);
    if (stop - at == kStretch && !may_hold(text.data() + at, part)) {
      at = stop;
      continue;
    }
    for (; at < stop; ++at) {
      if (text[at] == part.front() && text.substr(at, part.size()) == part) return at;
    }
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

#include "text/levenshtein.h"

#include <bit>
#include <cassert>

#include "base/utf8.h"

namespace corsac::text {
namespace {

constexpr char32_t kLargestCodePoint = 0x10FFFF;

}  // namespace

LevenshteinAutomaton::LevenshteinAutomaton(std::string_view word, std::uint32_t edits)
    : edits_(edits) {
  assert(edits >= 1 && edits <= kMostEdits);
  for (std::size_t at = 0; at < word.size();) word_.push_back(next_code_point(word, at));
  assert(word_.size() <= kLongest);
  for (std::size_t i = 0; i < word_.size(); ++i) {
    if (word_[i] < ascii_.size()) ascii_[word_[i]] |= std::uint64_t{1} << i;
  }
}

LevenshteinAutomaton::State LevenshteinAutomaton::start() const noexcept {
  State state{};
  const std::uint64_t whole = (std::uint64_t{2} << word_.size()) - 1;
  for (std::uint32_t e = 0; e <= edits_; ++e)
    state.reached[e] = ((std::uint64_t{2} << e) - 1) & whole;
  return state;
}

std::uint64_t LevenshteinAutomaton::places_of(char32_t code_point) const noexcept {
  if (code_point < ascii_.size()) return ascii_[code_point];
  std::uint64_t places = 0;
  for (std::size_t i = 0; i < word_.size(); ++i)
    places |= static_cast<std::uint64_t>(word_[i] == code_point) << i;
  return places;
}

LevenshteinAutomaton::State LevenshteinAutomaton::step(const State& state,
                                                       char32_t code_point) const noexcept {
  const std::uint64_t places = places_of(code_point);
  const std::uint64_t whole = (std::uint64_t{2} << word_.size()) - 1;
  State next{};
  next.last = places;
  next.before = state.reached;
  next.reached[0] = (state.reached[0] & places) << 1;
  for (std::uint32_t e = 1; e <= edits_; ++e) {
    const std::uint64_t inserted = state.reached[e - 1];
    const std::uint64_t replaced = state.reached[e - 1] << 1;
    const std::uint64_t removed = next.reached[e - 1] << 1;
    const std::uint64_t exchanged = (((state.before[e - 1] & places) << 1) & state.last) << 1;
    next.reached[e] =
        (((state.reached[e] & places) << 1) | inserted | replaced | removed | exchanged) & whole;
  }
  return next;
}

std::optional<char32_t> LevenshteinAutomaton::next_alive(const State& state,
                                                         char32_t from) const noexcept {
  if (from > kLargestCodePoint) return std::nullopt;
  if (state.reached[edits_ - 1] != 0) return from;  // One more edit allows any code point.
  // Without one only what comes next in the word does, or the second of two that are exchanged.
  const std::uint64_t inside = (std::uint64_t{1} << word_.size()) - 1;
  std::uint64_t next =
      (state.reached[edits_] | (state.before[edits_ - 1] & state.last >> 1)) & inside;
  std::optional<char32_t> least;
  for (; next != 0; next &= next - 1) {
    const char32_t code_point = word_[static_cast<std::size_t>(std::countr_zero(next))];
    if (code_point >= from && (!least || code_point < *least)) least = code_point;
  }
  return least;
}

std::optional<std::uint32_t> LevenshteinAutomaton::distance(std::string_view other) const noexcept {
  State state = start();
  for (std::size_t at = 0; at < other.size() && is_alive(state);)
    state = step(state, next_code_point(other, at));
  return is_alive(state) ? edits_of(state) : std::nullopt;
}

}  // namespace corsac::text

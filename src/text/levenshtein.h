// Which words are at most k edits away? A nondeterministic Levenshtein automaton whose states are
// bits (Wu & Manber, "Fast text searching allowing errors", CACM 1992), anchored at both ends. An
// edit inserts, removes or replaces a code point or exchanges two neighbours (optimal string
// alignment).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace corsac::text {

class LevenshteinAutomaton {
 public:
  static constexpr std::uint32_t kMostEdits = 2;
  static constexpr std::size_t kLongest = 63;  ///< code points

  struct State {
    std::array<std::uint64_t, kMostEdits + 1> reached;  ///< bit i of [e]: i matched with e edits
    std::array<std::uint64_t, kMostEdits + 1> before;   ///< the same, one code point earlier
    std::uint64_t last;  ///< bit i: the last code point stands at i in the word
  };

  /// Requires: edits is 1 or 2; the word has at most kLongest code points.
  LevenshteinAutomaton(std::string_view word, std::uint32_t edits);

  std::size_t length() const noexcept { return word_.size(); }
  State start() const noexcept;
  State step(const State& state, char32_t code_point) const noexcept;
  /// Whether some continuation is accepted.
  bool is_alive(const State& state) const noexcept { return state.reached[edits_] != 0; }
  /// The edits of what was read so far; absent when they are too many.
  std::optional<std::uint32_t> edits_of(const State& state) const noexcept {
    if ((state.reached[edits_] >> word_.size() & 1) == 0) return std::nullopt;  // More reach more.
    std::uint32_t e = 0;
    while ((state.reached[e] >> word_.size() & 1) == 0) ++e;
    return e;
  }
  /// The least code point from `from` on that keeps the state alive; `from` where every one does.
  std::optional<char32_t> next_alive(const State& state, char32_t from) const noexcept;

  /// The edits between the word and `other`, absent when they are too many.
  std::optional<std::uint32_t> distance(std::string_view other) const noexcept;

 private:
  std::uint64_t places_of(char32_t code_point) const noexcept;

  std::vector<char32_t> word_;
  std::array<std::uint64_t, 128> ascii_{};  // Their places.
  std::uint32_t edits_;
};

}  // namespace corsac::text

// UTF-8, decoded without trusting it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace corsac {

inline constexpr char32_t kReplacement = 0xFFFD;

/// The code point that starts at text[at], and `at` moved past it. A malformed sequence yields
/// kReplacement for its maximal subpart (Unicode 15, section 3.9) and moves on.
/// Requires: at < text.size().
char32_t next_code_point(std::string_view text, std::size_t& at) noexcept;

/// True when `text` is well-formed: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// Length in bytes of the longest well-formed start of `text`; where it is malformed, otherwise.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text) noexcept;

/// Requires: a scalar value (at most U+10FFFF, no surrogate).
void append_utf8(std::string& out, char32_t code_point);

/// Length in UTF-16 code units of one code point.
constexpr std::size_t utf16_length(char32_t code_point) noexcept {
  return code_point > 0xFFFF ? 2 : 1;
}

}  // namespace corsac

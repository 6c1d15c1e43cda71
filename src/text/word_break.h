// Where do words begin and end? The default word boundaries of UAX #29 (Unicode 15.0), found by a
// state machine that reads each code point once, but for at most one punctuation mark per boundary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::text {

/// The text between two neighbouring boundaries, in bytes: [start, end).
struct Segment {
  std::size_t start = 0;
  std::size_t end = 0;
  std::uint16_t first = 0;  ///< record of the first code point (unicode_table.h)
  std::uint16_t rest = 0;   ///< union of the bits of the others; the low 5 bits mean nothing

  std::uint16_t bits() const noexcept { return static_cast<std::uint16_t>(first | rest); }
};

class WordBreaker {
 public:
  /// The text must outlive this. Malformed UTF-8 counts as U+FFFD.
  explicit WordBreaker(std::string_view text) noexcept : text_(text) {}

  /// The next segment; false at the end of the text. Segments follow each other without gaps.
  bool next(Segment& segment) noexcept;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace corsac::text

// What is this code point to the tokenizer? One 16-bit record from a two-stage table that
// scripts/unicode/generate.mjs makes from the Unicode Character Database (15.0).
#pragma once

#include <cstdint>

namespace corsac::text {

/// The Word_Break property (UAX #29, table 3). Numbers are the low 5 bits of a record.
enum class BreakClass : std::uint8_t {
  Other,
  CR,
  LF,
  Newline,
  Extend,
  Zwj,
  Format,
  RegionalIndicator,
  Katakana,
  HebrewLetter,
  ALetter,
  SingleQuote,
  DoubleQuote,
  MidNumLet,
  MidLetter,
  MidNum,
  Numeric,
  ExtendNumLet,
  WSegSpace,
};
inline constexpr std::uint32_t kBreakClassCount = 19;

/// The other bits of a record; those of a segment are the union of its code points'.
enum CharacterBits : std::uint16_t {
  kBreakClassMask = 0x1F,
  kPictograph = 1 << 5,    ///< Extended_Pictographic
  kAlphanumeric = 1 << 6,  ///< Alphabetic, or a number of any kind
  kWord = 1 << 7,          ///< a letter or digit of a script that puts spaces between words
  kIdeogram =
      1 << 8,  ///< Han, Kana, Hangul, or a letter of a South-East Asian script: indexed in pairs
  kEmoji = 1 << 9,    ///< Emoji_Presentation: a word by itself
  kJoiner = 1 << 10,  ///< punctuation that may stand inside a word
  kUpper = 1 << 11,
  kLower = 1 << 12,
  kDigit = 1 << 13,
};

extern const std::uint16_t kAsciiRecords[128];
extern const std::uint16_t kUnicodeRecords[];
extern const std::uint16_t kUnicodeBlocks[];
extern const std::uint8_t kUnicodeTable[];

/// Requires: code_point <= U+10FFFF.
inline std::uint16_t character_record(char32_t code_point) noexcept {
  constexpr char32_t kLowEnd = 0x40000, kTags = 0xE0000, kTagCount = 0x1000;
  if (code_point >= kLowEnd) {
    if (code_point - kTags >= kTagCount)
      return 0;  // Below the tags this wraps around and is large.
    code_point = code_point - kTags + kLowEnd;
  }
  return kUnicodeRecords[kUnicodeTable[kUnicodeBlocks[code_point / 64] * 64u + code_point % 64]];
}

inline BreakClass break_class(std::uint16_t record) noexcept {
  return static_cast<BreakClass>(record & kBreakClassMask);
}

}  // namespace corsac::text

// Which code points does another one stand for? Canonical decomposition and composition (UAX #15),
// NFKC case folding (Unicode, section 3.13, D151), lower case, and the few general categories that
// anybody here asks for. Unicode 15.0.
//
// The tables are 30 KB in the binary, unpacked once, at the first question, into about 250 KB.
#pragma once

#include <cstdint>
#include <string>

namespace corsac {

/// What a general category comes to.
enum class CharacterKind : std::uint8_t {
  Letter = 0,       ///< letters, digits, symbols, and marks that take space
  Unseen = 1,       ///< control, format, surrogate, private use, unassigned (C*)
  Space = 2,        ///< separators (Z*)
  Punctuation = 3,  ///< P*
  Mark = 4,         ///< nonspacing marks (Mn)
};
CharacterKind character_kind(char32_t code_point);

/// Appends the full canonical decomposition of one code point. Marks are not reordered.
void append_decomposed(std::u32string& out, char32_t code_point);

/// Appends the NFKC case folding of one code point, decomposed; nothing for what is ignorable.
void append_case_folded(std::u32string& out, char32_t code_point);

/// Puts decomposed text into canonical order and composes it: NFC.
void compose(std::u32string& points);

/// The simple lower-case mapping; the code point itself where it has none.
char32_t lower_case(char32_t code_point);

}  // namespace corsac

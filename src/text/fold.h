// Which spellings are the same word? NFKC and case folding (UAX #15, UTS: NFKC_Casefold) before
// stemming, accents after it, because stemmers know their language's accents.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace corsac::text {

enum class Casing : std::uint8_t {
  Default,
  Turkic,  ///< I is the capital of dotless i
};

/// Appends the NFKC case folding of `word` without default-ignorable code points; apostrophes of
/// any shape become U+0027. Malformed UTF-8 becomes U+FFFD.
void append_folded(std::string& out, std::string_view word, Casing casing = Casing::Default);

/// Takes the accents off Latin, Greek and Cyrillic letters in place, and spells out Latin letters
/// that have no decomposition (o with stroke, ae, ...). Marks that are vowels of a script stay.
void fold_accents(std::string& word);

/// Appends the lower case of `word` (Unicode's full mapping, final sigma included); nothing else
/// changes.
void append_lower(std::string& out, std::string_view word);

}  // namespace corsac::text

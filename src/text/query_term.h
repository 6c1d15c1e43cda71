// What does one part of a query look for? What the analysis makes of the text, before any index is
// asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace corsac::text {

enum class Occur : std::uint8_t {
  Should = 0,   ///< adds to the score
  Must = 1,     ///< adds to the score; without it a document does not match
  MustNot = 2,  ///< a document with it does not match
};

/// A word of a phrase: `offset` words after the phrase's first.
struct PhraseWord {
  std::string term;
  std::uint32_t offset = 0;
};

/// Of `term`, `prefix` and `fuzzy` those that are there are looked up together: the best of what
/// they match counts.
struct QueryTerm {
  std::string term;
  std::string prefix;              ///< every term that starts with it
  std::string fuzzy;               ///< every term at most `edits` away from it
  std::uint8_t edits = 0;          ///< 1 or 2 with `fuzzy`
  std::vector<PhraseWord> phrase;  ///< at least two; then nothing of the above
  std::uint32_t slop = 0;          ///< of the phrase
  Occur occur = Occur::Should;
  float scale = 1;           ///< of its weight
  std::uint32_t fields = 0;  ///< as TextQuery::fields; 0: those of the query
};

}  // namespace corsac::text

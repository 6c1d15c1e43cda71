// Which slices of a text are looked up? Words by UAX #29, the parts of identifiers, whole e-mail
// addresses, and overlapping pairs where a script puts no spaces between words.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace corsac::text {

enum class TokenKind : std::uint8_t {
  Word,
  Part,       ///< of a Word: `HNSWIndex` also yields `HNSW` and `Index`
  Address,    ///< an e-mail address whose words are tokens too
  Character,  ///< one ideogram that stands alone
  Member,     ///< one ideogram of a run of several
  Pair,       ///< two neighbouring ideograms
};

/// Whether a token adds to its document's length: parts, addresses and pairs repeat text already
/// counted.
constexpr bool counts(TokenKind kind) noexcept {
  return kind == TokenKind::Word || kind == TokenKind::Character || kind == TokenKind::Member;
}

/// Bytes [start, end) of the text that was given.
struct Token {
  std::uint32_t start;
  std::uint32_t end;
  TokenKind kind;

  std::string_view in(std::string_view text) const noexcept {
    return text.substr(start, end - start);
  }
};

struct TokenizerOptions {
  bool elision = false;  ///< an apostrophe ends a word, as in French l'avion
};

/// Replaces `tokens` by those of the text, ascending by start, except that an address follows its
/// local part. Requires: text.size() < 2^32.
void tokenize(std::string_view text, const TokenizerOptions& options, std::vector<Token>& tokens);

/// As the `simple` analyzer cuts: runs of alphanumeric code points.
void tokenize_simple(std::string_view text, std::vector<Token>& tokens);

}  // namespace corsac::text

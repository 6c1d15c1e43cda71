// Which number has this piece of a word? A fixed set of WordPiece tokens, found by hash. Pieces
// that continue a word carry the usual "##" in front. Stored sorted and front-coded: per token one
// byte of length shared with the token before, one byte of suffix length, the suffix.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::embed {

using Token = std::uint32_t;
inline constexpr Token kUnknownToken = 0xFFFFFFFF;

class Vocabulary {
 public:
  static constexpr std::size_t kMaxTokenBytes = 64;

  /// Reads `count` front-coded tokens, which must fill `bytes`.
  /// Fails with: Corrupt unless they are ascending, non-empty UTF-8 of at most kMaxTokenBytes
  /// bytes.
  static Result<Vocabulary> load(ByteView bytes, std::uint32_t count);

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(ends_.size()); }
  /// The token's text with its "##". Requires: token < size().
  std::string_view text(Token token) const noexcept;

  /// Appends the pieces of one word, longest match first; a word that cannot be covered is one
  /// kUnknownToken. Requires: `word` is not empty.
  void append_pieces(std::string_view word, std::vector<Token>& pieces) const;

 private:
  struct Match {
    Token token = kUnknownToken;
    std::size_t bytes = 0;
  };
  Match longest_prefix(std::string_view rest, bool continues) const noexcept;
  Token find(std::uint32_t hash, std::string_view piece, bool continues) const noexcept;
  void index_tokens();

  std::vector<char> texts_;
  std::vector<std::uint32_t> ends_;  // token -> end of its text
  std::vector<Token> slots_;         // open addressing, a power of two; kUnknownToken is free
  std::size_t longest_ = 0;          // bytes of the longest piece, without "##"
};

}  // namespace corsac::embed

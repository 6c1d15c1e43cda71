#include "embed/vocabulary.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "base/utf8.h"

namespace corsac::embed {
namespace {

constexpr std::string_view kContinuation = "##";
constexpr std::size_t kMaxWordCodePoints = 100;  // BERT gives up on longer words.

// FNV-1a (Fowler, Noll, Vo), extended byte by byte so that every prefix of a piece has its hash.
constexpr std::uint32_t seed(bool continues) { return continues ? 0x9747B28Cu : 0x811C9DC5u; }
constexpr std::uint32_t extend(std::uint32_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * 0x01000193u;
}
constexpr std::uint32_t spread(std::uint32_t hash) { return hash ^ (hash >> 15); }

bool continues_word(std::string_view token) {
  return token.size() > kContinuation.size() && token.starts_with(kContinuation);
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

Error corrupt(std::uint32_t token, const char* what) {
  return {ErrorCode::Corrupt, "token " + std::to_string(token) + " of the vocabulary " + what};
}

}  // namespace

Result<Vocabulary> Vocabulary::load(ByteView bytes, std::uint32_t count) {
  if (count > bytes.size() / 2) return corrupt(count, "is past the end of its bytes");
  Vocabulary out;
  out.ends_.reserve(count);
  ByteReader reader(bytes);
  std::string token;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t shared = reader.get<std::uint8_t>();
    const std::string_view suffix = as_text(reader.take(reader.get<std::uint8_t>()));
    if (!reader.ok() || shared > token.size()) return corrupt(i, "is cut short");
    const std::string previous = token;
    token.resize(shared);
    token += suffix;
    if (token.size() > kMaxTokenBytes) return corrupt(i, "is longer than 64 bytes");
    if (token <= previous) return corrupt(i, "is not above the one before it");
    if (!is_valid_utf8(token)) return corrupt(i, "is not UTF-8");
    out.texts_.insert(out.texts_.end(), token.begin(), token.end());
    out.ends_.push_back(static_cast<std::uint32_t>(out.texts_.size()));
  }
  if (!reader.finished())
    return Error{ErrorCode::Corrupt, "bytes are left over behind the vocabulary"};
  out.index_tokens();
  return out;
}

std::string_view Vocabulary::text(Token token) const noexcept {
  const std::size_t start = token == 0 ? 0 : ends_[token - 1];
  return {texts_.data() + start, ends_[token] - start};
}

void Vocabulary::index_tokens() {
  slots_.assign(std::bit_ceil(std::max<std::size_t>(8, ends_.size() * 2)), kUnknownToken);
  for (Token token = 0; token < size(); ++token) {
    std::string_view piece = text(token);
    const bool continues = continues_word(piece);
    if (continues) piece.remove_prefix(kContinuation.size());
    longest_ = std::max(longest_, piece.size());
    std::uint32_t hash = seed(continues);
    for (const char c : piece) hash = extend(hash, c);
    std::size_t slot = spread(hash) & (slots_.size() - 1);
    while (slots_[slot] != kUnknownToken) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = token;
  }
}

Token Vocabulary::find(std::uint32_t hash, std::string_view piece, bool continues) const noexcept {
  for (std::size_t slot = spread(hash) & (slots_.size() - 1); slots_[slot] != kUnknownToken;
       slot = (slot + 1) & (slots_.size() - 1)) {
    std::string_view token = text(slots_[slot]);
    if (continues_word(token) != continues) continue;
    if (continues) token.remove_prefix(kContinuation.size());
    if (token == piece) return slots_[slot];
  }
  return kUnknownToken;
}

Vocabulary::Match Vocabulary::longest_prefix(std::string_view rest, bool continues) const noexcept {
  std::array<std::uint32_t, kMaxTokenBytes> hashes;  // hashes[i]: of the first i + 1 bytes
  const std::size_t most = std::min(rest.size(), longest_);
  std::uint32_t hash = seed(continues);
  for (std::size_t i = 0; i < most; ++i) hashes[i] = hash = extend(hash, rest[i]);
  // A match ends between code points by itself: tokens are whole UTF-8 and so is the word.
  for (std::size_t bytes = most; bytes > 0; --bytes) {
    const Token token = find(hashes[bytes - 1], rest.substr(0, bytes), continues);
    if (token != kUnknownToken) return {.token = token, .bytes = bytes};
  }
  return {};
}

void Vocabulary::append_pieces(std::string_view word, std::vector<Token>& pieces) const {
  const std::size_t before = pieces.size();
  bool covered = word.size() <= kMaxWordCodePoints || count_code_points(word) <= kMaxWordCodePoints;
  for (std::size_t at = 0; covered && at < word.size();) {
    const Match match = longest_prefix(word.substr(at), at > 0);
    covered = match.bytes > 0;
    pieces.push_back(match.token);
    at += match.bytes;
  }
  if (covered) return;
  pieces.resize(before);
  pieces.push_back(kUnknownToken);
}

}  // namespace corsac::embed

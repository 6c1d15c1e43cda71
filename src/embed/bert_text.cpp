#include "embed/bert_text.h"

#include <array>
#include <cstdint>

#include "base/unicode_forms.h"
#include "base/utf8.h"

namespace corsac::embed {
namespace {

/// What BERT does with one code point.
enum class Kind : std::uint8_t { Drop, Space, Alone, Letter };

constexpr Kind ascii_kind(unsigned char c) {
  if (c == '\t' || c == '\n' || c == '\r' || c == ' ') return Kind::Space;
  if (c < ' ' || c == 0x7F) return Kind::Drop;
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter ? Kind::Letter : Kind::Alone;  // BERT counts every other ASCII sign as punctuation.
}

constexpr std::array<Kind, 128> kAsciiKinds = [] {
  std::array<Kind, 128> kinds{};
  for (std::size_t c = 0; c < kinds.size(); ++c)
    kinds[c] = ascii_kind(static_cast<unsigned char>(c));
  return kinds;
}();

/// The blocks that BERT's authors list; kana and hangul are not among them.
bool is_ideograph(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

Kind kind_of(char32_t c) {
  if (c < 128) return kAsciiKinds[c];
  if (c == kReplacement) return Kind::Drop;
  switch (character_kind(c)) {
    case CharacterKind::Space: return Kind::Space;
    case CharacterKind::Unseen: return Kind::Drop;
    case CharacterKind::Punctuation: return Kind::Alone;
    case CharacterKind::Letter:
    case CharacterKind::Mark: break;
  }
  return Kind::Letter;
}

void end_word(std::string& words) {
  if (!words.empty() && words.back() != ' ') words += ' ';
}

void append_alone(char32_t c, std::string& words) {
  end_word(words);
  append_utf8(words, c);
  words += ' ';
}

/// One decomposed code point: nonspacing marks go, the rest is lower-cased.
void append_part(char32_t part, std::string& words) {
  if (character_kind(part) == CharacterKind::Mark) return;
  const char32_t lower = lower_case(part);
  // Decomposition makes punctuation of some signs: U+037E becomes ';', U+226F '>'.
  if (kind_of(lower) == Kind::Alone) {
    append_alone(lower, words);
  } else {
    append_utf8(words, lower);
  }
}

void append_code_point(char32_t c, std::string& words) {
  switch (kind_of(c)) {
    case Kind::Drop: return;
    case Kind::Space: return end_word(words);
    case Kind::Alone:
    case Kind::Letter: break;
  }
  const bool alone = is_ideograph(c);
  if (alone) end_word(words);
  std::u32string parts;  // Four at most: it allocates nothing.
  append_decomposed(parts, c);
  for (const char32_t part : parts) append_part(part, words);
  if (alone) end_word(words);
}

void append_ascii(char c, std::string& words) {
  switch (kAsciiKinds[static_cast<unsigned char>(c)]) {
    case Kind::Drop: return;
    case Kind::Space: return end_word(words);
    case Kind::Alone:
      end_word(words);
      words += c;
      words += ' ';
      return;
    case Kind::Letter:
      words += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      return;
  }
}

}  // namespace

void split_bert_words(std::string_view text, std::string& words) {
  words.clear();
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 128) {
      append_ascii(text[at++], words);
    } else {
      append_code_point(next_code_point(text, at), words);
    }
  }
  end_word(words);
}

}  // namespace corsac::embed

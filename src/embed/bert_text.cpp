#include "embed/bert_text.h"

#include <utf8proc.h>

#include <array>
#include <cstdint>

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
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return Kind::Space;
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS: return Kind::Drop;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO: return Kind::Alone;
    default: return Kind::Letter;
  }
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
void append_part(utf8proc_int32_t part, std::string& words) {
  if (utf8proc_category(part) == UTF8PROC_CATEGORY_MN) return;
  const auto lower = static_cast<char32_t>(utf8proc_tolower(part));
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
  std::array<utf8proc_int32_t, 8>
      parts;  // No canonical decomposition of one code point is longer than four.
  int boundary = UTF8PROC_BOUNDCLASS_START;
  const utf8proc_ssize_t count = utf8proc_decompose_char(
      static_cast<utf8proc_int32_t>(c), parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
      UTF8PROC_DECOMPOSE, &boundary);
  for (utf8proc_ssize_t i = 0; i < count; ++i)
    append_part(parts[static_cast<std::size_t>(i)], words);
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

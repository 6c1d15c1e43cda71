#include "text/fold.h"

#include <algorithm>

#include "base/unicode_forms.h"
#include "base/utf8.h"
#include "text/unicode_table.h"

namespace corsac::text {
namespace {

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void append_ascii_lower(std::string& out, std::string_view text) {
  for (const char c : text)
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
}

constexpr char32_t kDottedCapitalI = 0x130, kDotlessI = 0x131, kCapitalSigma = 0x3A3,
                   kFinalSigma = 0x3C2;

char32_t before_folding(char32_t code_point, Casing casing) noexcept {
  switch (code_point) {
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0xFF07: return '\'';
    case 'I': return casing == Casing::Turkic ? kDotlessI : code_point;
    case kDottedCapitalI: return casing == Casing::Turkic ? U'i' : code_point;
    default: return code_point;
  }
}

constexpr bool is_accent(char32_t code_point) noexcept {
  return (code_point >= 0x300 && code_point <= 0x36F) ||
         (code_point >= 0x1AB0 && code_point <= 0x1AFF) ||
         (code_point >= 0x1DC0 && code_point <= 0x1DFF) ||
         (code_point >= 0x20D0 && code_point <= 0x20FF);
}

struct Spelling {
  char32_t letter;
  std::string_view plain;
};
constexpr Spelling kUndecomposable[] = {
    {0xE6, "ae"}, {0xF0, "d"},  {0xF8, "o"},  {0xFE, "th"}, {0x111, "d"},
    {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x14B, "n"}, {0x153, "oe"},
    {0x167, "t"}, {0x180, "b"}, {0x253, "b"}, {0x254, "o"}, {0x257, "d"},
    {0x25B, "e"}, {0x260, "g"}, {0x268, "i"}, {0x199, "k"}, {0x1B4, "y"},
};

void append_unaccented(std::string& out, char32_t code_point, std::u32string& scratch) {
  for (const Spelling& spelling : kUndecomposable) {
    if (spelling.letter == code_point) {
      out += spelling.plain;
      return;
    }
  }
  scratch.clear();
  append_decomposed(scratch, code_point);
  const bool accented =
      scratch.size() > 1 && std::all_of(scratch.begin() + 1, scratch.end(), is_accent);
  append_utf8(out, accented ? scratch.front() : code_point);
}

}  // namespace

void append_folded(std::string& out, std::string_view word, Casing casing) {
  if (casing == Casing::Default && is_ascii(word)) return append_ascii_lower(out, word);
  std::u32string points;
  for (std::size_t at = 0; at < word.size();)
    append_case_folded(points, before_folding(next_code_point(word, at), casing));
  compose(points);
  for (const char32_t point : points) append_utf8(out, point);
}

void fold_accents(std::string& word) {
  if (is_ascii(word)) return;
  std::string out;
  std::u32string scratch;
  for (std::size_t at = 0; at < word.size();) {
    const char32_t code_point = next_code_point(word, at);
    if (code_point < 0x80) {
      out.push_back(static_cast<char>(code_point));
    } else if (!is_accent(code_point)) {
      append_unaccented(out, code_point, scratch);
    }
  }
  if (!out.empty()) word = std::move(out);  // A word of marks alone stays what it is.
}

void append_lower(std::string& out, std::string_view word) {
  if (is_ascii(word)) return append_ascii_lower(out, word);
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t here = at;
    const char32_t code_point = next_code_point(word, at);
    if (code_point == kDottedCapitalI) {
      out += "i\u0307";
    } else if (code_point == kCapitalSigma && here > 0 && at == word.size()) {
      append_utf8(out, kFinalSigma);
    } else {
      append_utf8(out, lower_case(code_point));
    }
  }
}

}  // namespace corsac::text

#include "text/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

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

// The decomposition of one code point under `options`, appended.
void decompose(std::vector<utf8proc_int32_t>& out, char32_t code_point, int options) {
  std::array<utf8proc_int32_t, 32> buffer;  // The longest is 18 (U+FDFA).
  int boundary = 0;
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code_point), buffer.data(),
                              static_cast<utf8proc_ssize_t>(buffer.size()),
                              static_cast<utf8proc_option_t>(options), &boundary);
  const auto kept = static_cast<std::ptrdiff_t>(std::clamp<utf8proc_ssize_t>(count, 0, 32));
  out.insert(out.end(), buffer.begin(), buffer.begin() + kept);
}

// Canonical ordering (Unicode 15, D109): stable by combining class between starters.
void order_marks(std::vector<utf8proc_int32_t>& points) {
  const auto rank = [](utf8proc_int32_t point) {
    return utf8proc_get_property(point)->combining_class;
  };
  for (auto run = points.begin(); run != points.end();) {
    if (rank(*run) == 0) {
      ++run;
      continue;
    }
    const auto end =
        std::find_if(run, points.end(), [&](utf8proc_int32_t point) { return rank(point) == 0; });
    std::stable_sort(run, end,
                     [&](utf8proc_int32_t a, utf8proc_int32_t b) { return rank(a) < rank(b); });
    run = end;
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

void append_unaccented(std::string& out, char32_t code_point,
                       std::vector<utf8proc_int32_t>& scratch) {
  for (const Spelling& spelling : kUndecomposable) {
    if (spelling.letter == code_point) {
      out += spelling.plain;
      return;
    }
  }
  scratch.clear();
  decompose(scratch, code_point, UTF8PROC_DECOMPOSE);
  const bool accented = scratch.size() > 1 &&
                        std::all_of(scratch.begin() + 1, scratch.end(), [](utf8proc_int32_t point) {
                          return is_accent(static_cast<char32_t>(point));
                        });
  if (!accented) return append_utf8(out, code_point);
  const auto base = static_cast<char32_t>(scratch.front());
  append_utf8(out, base);
}

}  // namespace

void append_folded(std::string& out, std::string_view word, Casing casing) {
  if (casing == Casing::Default && is_ascii(word)) return append_ascii_lower(out, word);
  constexpr int kOptions =
      UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
  std::vector<utf8proc_int32_t> points;
  for (std::size_t at = 0; at < word.size();) {
    decompose(points, before_folding(next_code_point(word, at), casing), kOptions);
  }
  order_marks(points);
  const utf8proc_ssize_t composed =
      utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(points.size()),
                               static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  points.resize(static_cast<std::size_t>(std::max<utf8proc_ssize_t>(composed, 0)));
  for (const utf8proc_int32_t point : points) append_utf8(out, static_cast<char32_t>(point));
}

void fold_accents(std::string& word) {
  if (is_ascii(word)) return;
  std::string out;
  std::vector<utf8proc_int32_t> scratch;
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
      append_utf8(
          out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code_point))));
    }
  }
}

}  // namespace corsac::text

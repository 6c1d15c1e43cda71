// Decoding by Table 3-7 of the Unicode Standard (well-formed UTF-8 byte sequences): the second byte
// carries every restriction, so a sequence is cut exactly at its maximal subpart.
#include "base/utf8.h"

#include <cassert>

namespace corsac {
namespace {

struct Lead {
  unsigned length = 0;  // 0: no sequence starts with this byte
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;  // the range of the second byte
};

constexpr Lead lead_of(std::uint8_t byte) noexcept {
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {.length = 2};
  if (byte == 0xE0) return {.length = 3, .low = 0xA0};
  if (byte == 0xED) return {.length = 3, .high = 0x9F};
  if (byte < 0xF0) return {.length = 3};
  if (byte == 0xF0) return {.length = 4, .low = 0x90};
  if (byte < 0xF4) return {.length = 4};
  if (byte == 0xF4) return {.length = 4, .high = 0x8F};
  return {};
}

struct Decoded {
  char32_t code_point = kReplacement;
  bool well_formed = false;
};

Decoded decode(std::string_view text, std::size_t& at) noexcept {
  const auto first = static_cast<std::uint8_t>(text[at++]);
  if (first < 0x80) return {first, true};
  const Lead lead = lead_of(first);
  if (lead.length == 0) return {};
  char32_t code_point = first & (0x7Fu >> lead.length);
  std::uint8_t low = lead.low;
  std::uint8_t high = lead.high;
  for (unsigned i = 1; i < lead.length; ++i) {
    if (at == text.size()) return {};
    const auto next = static_cast<std::uint8_t>(text[at]);
    if (next < low || next > high) return {};
    code_point = code_point << 6 | (next & 0x3Fu);
    ++at;
    low = 0x80;
    high = 0xBF;
  }
  return {code_point, true};
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
  assert(at < text.size());
  return decode(text, at).code_point;
}

bool is_valid_utf8(std::string_view text) noexcept {
  return valid_utf8_prefix(text) == text.size();
}

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    if (!decode(text, at).well_formed) return start;
  }
  return at;
}

void append_utf8(std::string& out, char32_t code_point) {
  assert(code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF));
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

}  // namespace corsac

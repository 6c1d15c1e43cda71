// Where are a field's terms? Terms of the content stand as they are; those of another field begin
// with the byte 1, which no word has, and the field's number. One dictionary holds them all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace corsac::text {

inline constexpr char kFieldMark = 1;

/// What the terms of a field begin with; nothing for the content.
inline std::string field_start(std::uint32_t field) {
  return field == 0 ? std::string() : std::string{kFieldMark, static_cast<char>(field)};
}

/// The field of a stored term.
inline std::uint32_t field_of(std::string_view term) noexcept {
  return term.size() > 1 && term[0] == kFieldMark ? static_cast<unsigned char>(term[1]) : 0;
}

/// The first string that no term of the fields before `field` reaches.
inline std::string first_of_field(std::uint32_t field) {
  return field == 0 ? std::string{kFieldMark + 1} : field_start(field);
}

}  // namespace corsac::text

// Doubles as decimal text and back, exactly, the same everywhere: no locale, no libc, no rounding
// twice. Reading rounds to nearest, ties to even (IEEE 754); writing is the shortest text that
// reads back the same, laid out as JavaScript does (ECMA-262, Number::toString).
#pragma once

#include <string>
#include <string_view>

namespace corsac {

/// The double nearest to the number that `text` names; infinite when it is out of range.
/// Requires: `text` follows the grammar of a JSON number (RFC 8259, section 6).
[[nodiscard]] double read_decimal(std::string_view text);

/// Appends `value`: 0.1, 1e+21, 5e-324; -0 is written 0. Requires: value is finite.
void append_decimal(std::string& out, double value);

}  // namespace corsac

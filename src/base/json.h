// JSON as metadata and filters need it (RFC 8259): read once into a flat tree, never trusted.
// Strings are unescaped; numbers are doubles, as in JavaScript; object keys keep their order and a
// repeated key keeps the last value, as JSON.parse does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace corsac {

struct JsonLimits {
  std::size_t bytes = 1u << 20;
  std::uint32_t depth = 32;     ///< Nested arrays and objects.
  std::uint32_t keys = 10'000;  ///< Members of all objects together.
};

class Json;

struct JsonMember;

/// One value. Cheap to move; children are owned.
class Json {
 public:
  enum class Type : std::uint8_t { Null, Boolean, Number, String, Array, Object };

  Json() = default;
  static Json boolean(bool value);
  static Json number(double value);
  static Json string(std::string value);
  static Json array(std::vector<Json> items);
  static Json object(std::vector<JsonMember> members);

  Type type() const noexcept { return static_cast<Type>(value_.index()); }
  bool is(Type kind) const noexcept { return type() == kind; }
  /// Requires: the matching type, for all of these.
  bool as_boolean() const noexcept;
  double as_number() const noexcept;
  const std::string& as_string() const noexcept;
  std::span<const Json> items() const noexcept;
  std::span<const JsonMember> members() const noexcept;
  /// The member's value, or null when there is none or this is no object.
  const Json* find(std::string_view key) const noexcept;

 private:
  // In the order of Type, so that the index is the type.
  std::variant<std::monostate, bool, double, std::string, std::vector<Json>,
               std::vector<JsonMember>>
      value_;
};

struct JsonMember {
  std::string key;
  Json value;
};

/// Accepts exactly RFC 8259 text in UTF-8 without BOM; lone surrogate escapes are refused, and so
/// are numbers beyond the range of a double. A repeated key counts each time it stands in the text.
/// Fails with: InvalidArgument naming the byte offset and what was met, or the limit passed.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Compact text as JSON.stringify writes it: numbers in the shortest form that reads back the same,
/// -0 as 0, what is not finite as null. write(parse(x)) is stable.
std::string write_json(const Json& value);

}  // namespace corsac

// One comparison of a predicate, on one value. What the columns and matches() must agree on.
#pragma once

#include <cassert>
#include <span>
#include <string_view>

#include "base/json.h"
#include "filter/predicate.h"

namespace corsac::filter {

/// A comparison without its negation: `op` is neither Ne nor Nin; true means "has such a value".
struct Leaf {
  Op op = Op::Eq;
  bool complement = false;  ///< the documents that do not satisfy `op` are meant
};

inline Leaf leaf_of(const Predicate& predicate) noexcept {
  switch (predicate.op) {
    case Op::Ne: return {Op::Eq, true};
    case Op::Nin: return {Op::In, true};
    case Op::Exists:
    case Op::IsNull:
      assert(predicate.operands.size() == 1);
      return {predicate.op, !predicate.operands.front().as_boolean()};
    default: return {predicate.op, false};
  }
}

/// a < b and so on, for the four orders and equality. UTF-8 bytes order as code points do.
template <class T>
bool in_order(Op op, const T& a, const T& b) noexcept {
  switch (op) {
    case Op::Eq: return a == b;
    case Op::Gt: return a > b;
    case Op::Gte: return a >= b;
    case Op::Lt: return a < b;
    case Op::Lte: return a <= b;
    default: return false;
  }
}

/// The same for strings, with $startsWith and $contains.
inline bool string_satisfies(Op op, std::string_view value, std::string_view operand) noexcept {
  if (op == Op::StartsWith) return value.starts_with(operand);
  if (op == Op::Contains) return value.find(operand) != std::string_view::npos;
  return in_order(op, value, operand);
}

/// Whether test(value) holds for something that stands at the path, an array as a whole. Every key
/// that begins the path, up to a dot or its end, is followed.
template <class Test>
bool any_at(std::string_view path, const Json& from, const Test& test) {
  if (from.is(Json::Type::Array)) {
    for (const Json& item : from.items()) {
      if (any_at(path, item, test)) return true;
    }
    return false;
  }
  if (!from.is(Json::Type::Object)) return false;
  for (const JsonMember& member : from.members()) {
    if (!path.starts_with(member.key)) continue;
    const std::string_view rest = path.substr(member.key.size());
    if (rest.empty() ? test(member.value)
                     : rest.front() == '.' && any_at(rest.substr(1), member.value, test))
      return true;
  }
  return false;
}

}  // namespace corsac::filter

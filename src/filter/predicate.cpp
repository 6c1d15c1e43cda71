// The definition: walks one document's metadata, value by value, as predicate.h says.
#include "filter/predicate.h"

#include <algorithm>

#include "filter/leaf.h"

namespace corsac::filter {
namespace {

bool equal(const Json& a, const Json& b) noexcept {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case Json::Type::Null: return true;
    case Json::Type::Boolean: return a.as_boolean() == b.as_boolean();
    case Json::Type::Number: return a.as_number() == b.as_number();
    case Json::Type::String: return a.as_string() == b.as_string();
    case Json::Type::Array:
    case Json::Type::Object: return false;
  }
  return false;
}

bool scalar_satisfies(Op op, std::span<const Json> operands, const Json& value) noexcept {
  switch (op) {
    case Op::IsNull: return value.is(Json::Type::Null);
    case Op::Eq:
    case Op::In:
      return std::any_of(operands.begin(), operands.end(),
                         [&](const Json& x) { return equal(value, x); });
    default: break;
  }
  const Json& operand = operands.front();
  if (value.is(Json::Type::Number) && operand.is(Json::Type::Number)) {
    return in_order(op, value.as_number(), operand.as_number());
  }
  return value.is(Json::Type::String) && operand.is(Json::Type::String) &&
         string_satisfies(op, value.as_string(), operand.as_string());
}

bool value_satisfies(Op op, std::span<const Json> operands, const Json& value) noexcept {
  if (op == Op::Exists) return true;
  if (value.is(Json::Type::Object)) return false;
  if (!value.is(Json::Type::Array)) return scalar_satisfies(op, operands, value);
  const auto items = value.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Json& item) { return value_satisfies(op, operands, item); });
}

}  // namespace

bool matches(const Predicate& predicate, const Json& metadata) {
  const auto matches_child = [&](const Predicate& child) { return matches(child, metadata); };
  const auto& children = predicate.children;
  switch (predicate.op) {
    case Op::True: return true;
    case Op::And: return std::all_of(children.begin(), children.end(), matches_child);
    case Op::Or: return std::any_of(children.begin(), children.end(), matches_child);
    case Op::Not: return !matches(children.front(), metadata);
    default: break;
  }
  const Leaf leaf = leaf_of(predicate);
  const bool found = any_at(predicate.path, metadata, [&](const Json& value) {
    return value_satisfies(leaf.op, predicate.operands, value);
  });
  return found != leaf.complement;
}

}  // namespace corsac::filter

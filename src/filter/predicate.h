// A filter as a tree, read from the plain-object form of the API.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace corsac::filter {

enum class Op : std::uint8_t {
  True, And, Or, Not, Eq, Ne, Gt, Gte, Lt, Lte, In, Nin, Exists, IsNull, StartsWith, Contains,
};

struct Predicate {
  Op op = Op::True;
  std::string path;                 ///< dot path, for comparisons
  std::vector<Json> operands;       ///< one for most, many for In and Nin; a boolean for Exists and IsNull
  std::vector<Predicate> children;  ///< for And, Or, Not
};

/// Reads `{ 'a.b': { $gte: 1 }, $or: [...] }`. Depth at most 32, at most 10,000 operands.
/// Fails with: InvalidFilter naming the operator or operand and where it stands.
Result<Predicate> parse_predicate(const Json& filter);
/// The same from JSON text. Fails with: InvalidFilter.
Result<Predicate> parse_predicate(std::string_view json);

/// Whether one document's metadata satisfies the predicate: the definition the columns are tested
/// against, and what a document that is not in the columns is judged by.
bool matches(const Predicate& predicate, const Json& metadata);

}  // namespace corsac::filter

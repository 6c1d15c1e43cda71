// A filter as a tree, read from the plain-object form of the API, and what it means.
//
// A path is keys joined by dots, and names every value that can be reached so: { "a": { "b": 1 } }
// and { "a.b": 1 } both have `a.b`, and a document with both has two values there. Arrays add
// nothing to a path: the elements of an array, of arrays in it and of the objects in it stand at
// the array's own path, so `tags` names every tag and `authors.name` the name of every author.
// Positions cannot be asked for: `tags.0` is the key "0" of an object in tags. Only a document's
// own keys count, whatever their names.
//
//   $eq $in                a value equals an operand: same kind, 5 = 5.0, -0 = 0
//   $gt $gte $lt $lte      a number against a number, a string against a string by code points
//   $startsWith $contains  a string begins with the operand, contains it
//   $exists                something is there, an explicit null or an empty object included
//   $isNull                an explicit null is there
//   $ne $nin $not          exactly the other documents; so are $exists: false and $isNull: false
//
// A document with several values at a path satisfies a comparison when one of them does; a document
// without any satisfies only those of the last line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace corsac::filter {

enum class Op : std::uint8_t {
  True,
  And,
  Or,
  Not,
  Eq,
  Ne,
  Gt,
  Gte,
  Lt,
  Lte,
  In,
  Nin,
  Exists,
  IsNull,
  StartsWith,
  Contains,
};

struct Predicate {
  Op op = Op::True;
  std::string path;                 ///< dot path, for comparisons
  std::vector<Json> operands;       ///< scalars: one for most, any number for In and Nin
  std::vector<Predicate> children;  ///< for And, Or, Not
};

/// How deep $and, $or and $not may nest.
inline constexpr std::uint32_t kMaxFilterDepth = 32;
/// How many operands a filter may have; an empty list or filter counts as one.
inline constexpr std::uint32_t kMaxFilterTerms = 10'000;

/// Reads `{ 'a.b': { $gte: 1 }, $or: [...] }`. A key that begins with `$` is an operator, beside
/// paths and under them alike; a bare scalar means $eq. Objects and arrays are no operands, except
/// the array of $in and $nin.
/// Fails with: InvalidFilter naming the operator or operand and where it stands, or the limit.
Result<Predicate> parse_predicate(const Json& filter);
/// The same from JSON text. Fails with: InvalidFilter.
Result<Predicate> parse_predicate(std::string_view json);

/// Whether one document's metadata satisfies the predicate: the definition the columns are tested
/// against, and what a document that is not in the columns is judged by.
bool matches(const Predicate& predicate, const Json& metadata);

}  // namespace corsac::filter

// Random metadata and filters over few keys and few values, so that they meet often; hostile names
// included.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "filter/predicate.h"

namespace corsac::filter::test {

inline constexpr const char* kKeys[] = {
    "a",         "b",           "c",        "a.b",   "b.a", "",        ".",  "0",
    "__proto__", "constructor", "toString", "a.b.c", "é\"", "\\u0041", "a.", "\n"};

template <class T, std::size_t n>
const T& one_of(const T (&choices)[n], Random& random) {
  return choices[random.below(n)];
}

/// Mostly one of the first three.
inline const char* random_key(Random& random) {
  return random.below(3) > 0 ? kKeys[random.below(3)] : one_of(kKeys, random);
}

inline Json random_scalar(Random& random) {
  static constexpr double kNumbers[] = {0, -0.0, 1, 2, 5, 5.5, -1, 1e300, 9007199254740992.0};
  static constexpr const char* kStrings[] = {
      "", "a", "ab", "abc", "b", "5", "true", "é", "\xF0\x9F\xA6\x8A", "\n\"\\"};
  switch (random.below(8)) {
    case 0: return Json();
    case 1: return Json::boolean(random.below(2) == 1);
    case 2:
    case 3:
    case 4: return Json::number(one_of(kNumbers, random));
    default: return Json::string(one_of(kStrings, random));
  }
}

inline Json random_object(Random& random, int depth);

inline Json random_value(Random& random, int depth) {
  const std::uint64_t kind = random.below(10);
  if (depth == 0 || kind < 6) return random_scalar(random);
  if (kind < 8) return random_object(random, depth - 1);
  std::vector<Json> items;
  for (std::uint64_t left = random.below(4); left > 0; --left)
    items.push_back(random_value(random, depth - 1));
  return Json::array(std::move(items));
}

/// Each key at most once, as every object that was read has.
inline Json random_object(Random& random, int depth) {
  std::vector<JsonMember> members;
  for (std::uint64_t left = random.below(5); left > 0; --left) {
    const std::string key = random_key(random);
    bool known = false;
    for (const JsonMember& member : members) known |= member.key == key;
    if (!known) members.push_back({key, random_value(random, depth)});
  }
  return Json::object(std::move(members));
}

inline std::string random_path(Random& random) {
  std::string path = random_key(random);
  while (random.below(3) == 0) path.append(".").append(random_key(random));
  return path;
}

inline Predicate random_comparison(Random& random) {
  static constexpr Op kOps[] = {Op::Eq,     Op::Ne,     Op::Gt,         Op::Gte,
                                Op::Lt,     Op::Lte,    Op::In,         Op::Nin,
                                Op::Exists, Op::IsNull, Op::StartsWith, Op::Contains};
  Predicate out;
  out.op = one_of(kOps, random);
  out.path = random_path(random);
  if (out.op == Op::Exists || out.op == Op::IsNull) {
    out.operands.push_back(Json::boolean(random.below(2) == 1));
  } else if (out.op == Op::StartsWith || out.op == Op::Contains) {
    static constexpr const char* kParts[] = {"", "a", "b", "bc", "é", "\n"};
    out.operands.push_back(Json::string(one_of(kParts, random)));
  } else {
    const bool list = out.op == Op::In || out.op == Op::Nin;
    for (std::uint64_t left = list ? random.below(5) : 1; left > 0; --left)
      out.operands.push_back(random_scalar(random));
  }
  return out;
}

inline Predicate random_predicate(Random& random, int depth) {
  if (depth == 0 || random.below(3) == 0) return random_comparison(random);
  static constexpr Op kOps[] = {Op::And, Op::Or, Op::Not};
  Predicate out;
  out.op = one_of(kOps, random);
  for (std::uint64_t left = out.op == Op::Not ? 1 : random.below(4); left > 0; --left) {
    out.children.push_back(random_predicate(random, depth - 1));
  }
  return out;
}

}  // namespace corsac::filter::test

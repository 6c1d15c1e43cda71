// JSON to a predicate. Everything that is not understood is refused by name: an operator that is
// ignored would let documents through that were meant to be left out.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/utf8.h"
#include "filter/predicate.h"

namespace corsac::filter {
namespace {

struct Operator {
  std::string_view name;
  Op op;
};

constexpr std::array<Operator, 12> kComparisons = {{{"$eq", Op::Eq},
                                                    {"$ne", Op::Ne},
                                                    {"$gt", Op::Gt},
                                                    {"$gte", Op::Gte},
                                                    {"$lt", Op::Lt},
                                                    {"$lte", Op::Lte},
                                                    {"$in", Op::In},
                                                    {"$nin", Op::Nin},
                                                    {"$exists", Op::Exists},
                                                    {"$isNull", Op::IsNull},
                                                    {"$startsWith", Op::StartsWith},
                                                    {"$contains", Op::Contains}}};
constexpr std::array<Operator, 3> kCombinations = {
    {{"$and", Op::And}, {"$or", Op::Or}, {"$not", Op::Not}}};

template <std::size_t n>
std::optional<Op> op_named(const std::array<Operator, n>& operators,
                           std::string_view name) noexcept {
  for (const Operator& known : operators) {
    if (known.name == name) return known.op;
  }
  return std::nullopt;
}

template <std::size_t n>
std::string names_of(const std::array<Operator, n>& operators) {
  std::string out;
  for (const Operator& known : operators) out.append(out.empty() ? "" : " ").append(known.name);
  return out;
}

// A name or a string of the user's, short enough for a message.
std::string shown(std::string_view text) {
  constexpr std::size_t kShown = 64;
  if (text.size() <= kShown) return "\"" + std::string(text) + "\"";
  const std::string_view start = text.substr(0, kShown);
  return "\"" + std::string(start.substr(0, valid_utf8_prefix(start))) + "...\"";
}

std::string shown(const Json& value) {
  switch (value.type()) {
    case Json::Type::String: return shown(value.as_string());
    case Json::Type::Array: return "an array";
    case Json::Type::Object: return "an object";
    default: return write_json(value);
  }
}

bool is_scalar(const Json& value) noexcept {
  return !value.is(Json::Type::Array) && !value.is(Json::Type::Object);
}

class Reader {
 public:
  Result<Predicate> read(const Json& filter) {
    Predicate out;
    if (whole(filter, "", 1, out)) return out;
    return Error{ErrorCode::InvalidFilter, std::move(error_)};
  }

 private:
  bool refuse(std::string_view where, const std::string& what) {
    error_ = "filter";
    if (!where.empty()) error_.append(" at ").append(where);
    error_.append(": ").append(what);
    return false;
  }
  // Counts what ends a branch; depth bounds the rest.
  bool count(std::string_view where, std::size_t terms) {
    if (terms <= kMaxFilterTerms - terms_) {
      terms_ += static_cast<std::uint32_t>(terms);
      return true;
    }
    return refuse(where, "more operands than the limit of " + std::to_string(kMaxFilterTerms));
  }

  // An object of paths and combinations, all of which must hold.
  bool whole(const Json& filter, const std::string& where, std::uint32_t depth, Predicate& out) {
    if (!filter.is(Json::Type::Object))
      return refuse(where, "expected an object, got " + shown(filter));
    if (depth > kMaxFilterDepth) {
      return refuse(where, "nested deeper than the limit of " + std::to_string(kMaxFilterDepth));
    }
    if (filter.members().empty() && !count(where, 1)) return false;
    std::vector<Predicate> all;
    for (const auto& [key, value] : filter.members()) {
      if (key.starts_with('$')) {
        all.emplace_back();
        if (!combination(key, value, where, depth, all.back())) return false;
      } else if (!comparisons(key, value, where, all)) {
        return false;
      }
    }
    out = conjunction(std::move(all));
    return true;
  }

  static Predicate conjunction(std::vector<Predicate> all) {
    if (all.empty()) return {};
    if (all.size() == 1) return std::move(all.front());
    Predicate out;
    out.op = Op::And;
    out.children = std::move(all);
    return out;
  }

  bool combination(const std::string& name, const Json& value, const std::string& where,
                   std::uint32_t depth, Predicate& out) {
    const auto op = op_named(kCombinations, name);
    if (!op) {
      return refuse(
          where, op_named(kComparisons, name)
                     ? name + " stands under a path, as in { \"path\": { \"" + name + "\": ... } }"
                     : "unknown operator " + shown(name) + ", expected a path or " +
                           names_of(kCombinations));
    }
    out.op = *op;
    const std::string inside = where.empty() ? name : where + "." + name;
    if (*op == Op::Not) {
      out.children.emplace_back();
      return whole(value, inside, depth + 1, out.children.back());
    }
    if (!value.is(Json::Type::Array))
      return refuse(inside, "expected an array of filters, got " + shown(value));
    const auto items = value.items();
    if (items.empty() && !count(inside, 1)) return false;
    for (std::size_t i = 0; i < items.size(); ++i) {
      out.children.emplace_back();
      if (!whole(items[i], inside + "[" + std::to_string(i) + "]", depth + 1, out.children.back()))
        return false;
    }
    return true;
  }

  bool comparisons(const std::string& path, const Json& value, const std::string& where,
                   std::vector<Predicate>& all) {
    const std::string inside = where.empty() ? shown(path) : where + "." + shown(path);
    if (value.is(Json::Type::Array))
      return refuse(inside, "an array cannot be compared with, use $in or $eq");
    if (!value.is(Json::Type::Object)) return comparison(path, Op::Eq, "$eq", value, inside, all);
    if (value.members().empty()) return refuse(inside, "an object without operators");
    for (const auto& [name, operand] : value.members()) {
      const auto op = op_named(kComparisons, name);
      if (!op) return refuse(inside, unknown_comparison(path, name));
      if (!comparison(path, *op, name, operand, inside, all)) return false;
    }
    return true;
  }

  static std::string unknown_comparison(const std::string& path, const std::string& name) {
    if (!name.starts_with('$')) {
      return "expected operators, got the key " + shown(name) + "; a nested value has the path " +
             shown(path + "." + name);
    }
    if (op_named(kCombinations, name)) return name + " stands beside paths and holds whole filters";
    return "unknown operator " + shown(name) + ", expected one of " + names_of(kComparisons);
  }

  bool comparison(const std::string& path, Op op, const std::string& name, const Json& operand,
                  const std::string& where, std::vector<Predicate>& all) {
    Predicate out;
    out.op = op;
    out.path = path;
    if (op == Op::In || op == Op::Nin) {
      if (!operand.is(Json::Type::Array))
        return refuse(where, name + " takes an array, got " + shown(operand));
      for (const Json& item : operand.items()) {
        if (!is_scalar(item)) return refuse(where, name + " takes scalars, got " + shown(item));
      }
      out.operands.assign(operand.items().begin(), operand.items().end());
    } else {
      const bool flag = op == Op::Exists || op == Op::IsNull;
      const bool text = op == Op::StartsWith || op == Op::Contains;
      if (flag && !operand.is(Json::Type::Boolean))
        return refuse(where, name + " takes true or false, got " + shown(operand));
      if (text && !operand.is(Json::Type::String))
        return refuse(where, name + " takes a string, got " + shown(operand));
      if (!is_scalar(operand))
        return refuse(where, name + " takes a scalar, got " + shown(operand));
      out.operands.push_back(operand);
    }
    if (!count(where, std::max<std::size_t>(out.operands.size(), 1))) return false;
    all.push_back(std::move(out));
    return true;
  }

  std::uint32_t terms_ = 0;
  std::string error_;
};

}  // namespace

Result<Predicate> parse_predicate(const Json& filter) { return Reader().read(filter); }

Result<Predicate> parse_predicate(std::string_view json) {
  // A level of a filter is an object in an array in an object; keys are counted as terms.
  constexpr JsonLimits kLimits{.bytes = std::size_t{16} << 20,
                               .depth = 2 * kMaxFilterDepth + 2,
                               .keys = 4 * kMaxFilterTerms};
  const auto filter = parse_json(json, kLimits);
  if (!filter) return Error{ErrorCode::InvalidFilter, "filter: " + filter.error().message};
  return parse_predicate(*filter);
}

}  // namespace corsac::filter

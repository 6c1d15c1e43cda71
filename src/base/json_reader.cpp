// JSON text to a value tree by recursive descent, one function per rule of RFC 8259. The depth
// limit bounds the recursion; every refusal names the byte it stands at.
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/decimal.h"
#include "base/json.h"
#include "base/sort.h"
#include "base/utf8.h"

namespace corsac {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::optional<unsigned> hex_digit(char c) noexcept {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

// Each key once, where it first stood, with the value it had last.
void keep_last_values(std::vector<JsonMember>& members) {
  const auto order = order_of(members.size(), [&](std::uint32_t a, std::uint32_t b) {
    return members[a].key < members[b].key;
  });
  std::vector<bool> repeated(members.size());
  bool any = false;
  for (std::size_t first = 0, next = 1; next < order.size(); ++next) {
    if (members[order[next]].key != members[order[first]].key) {
      first = next;
      continue;
    }
    members[order[first]].value = std::move(members[order[next]].value);
    repeated[order[next]] = any = true;
  }
  if (!any) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (repeated[i]) continue;
    if (kept != i) members[kept] = std::move(members[i]);
    ++kept;
  }
  members.resize(kept);
}

class Reader {
 public:
  Reader(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  Result<Json> document() {
    Json value;
    skip_space();
    const bool read = this->value(value, 0);
    if (read) {
      skip_space();
      if (at_ < text_.size()) expected("the end");
    }
    if (!error_.empty()) return Error{ErrorCode::InvalidArgument, std::move(error_)};
    return value;
  }

 private:
  bool refuse(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return false;
  }
  bool refuse_at(std::size_t at, const std::string& what) {
    return refuse("JSON at byte " + std::to_string(at) + ": " + what);
  }
  bool expected(const std::string& what) {
    if (at_ == text_.size()) return refuse_at(at_, "expected " + what + ", met the end");
    const auto byte = static_cast<unsigned char>(text_[at_]);
    const bool printable = byte > 0x20 && byte < 0x7F;
    return refuse_at(at_, "expected " + what + ", met " +
                              (printable ? "'" + std::string(1, text_[at_]) + "'"
                                         : "byte " + std::to_string(byte)));
  }

  void skip_space() noexcept {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) noexcept {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool value(Json& out, std::uint32_t depth) {
    switch (peek()) {
      case '{': return object(out, depth + 1);
      case '[': return array(out, depth + 1);
      case '"': {
        std::string text;
        if (!string(text)) return false;
        out = Json::string(std::move(text));
        return true;
      }
      case 't': out = Json::boolean(true); return literal("true");
      case 'f': out = Json::boolean(false); return literal("false");
      case 'n': out = Json(); return literal("null");
      default: return number(out);
    }
  }

  bool literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return expected("a value");
    at_ += word.size();
    return true;
  }

  bool enter(std::uint32_t depth) {
    if (depth > limits_.depth) {
      return refuse_at(at_, "nested deeper than the limit of " + std::to_string(limits_.depth));
    }
    ++at_;
    skip_space();
    return true;
  }

  bool array(Json& out, std::uint32_t depth) {
    if (!enter(depth)) return false;
    std::vector<Json> items;
    if (!take(']')) {
      do {
        skip_space();
        items.emplace_back();
        if (!value(items.back(), depth)) return false;
        skip_space();
      } while (take(','));
      if (!take(']')) return expected("',' or ']'");
    }
    out = Json::array(std::move(items));
    return true;
  }

  bool object(Json& out, std::uint32_t depth) {
    if (!enter(depth)) return false;
    std::vector<JsonMember> members;
    if (!take('}')) {
      do {
        skip_space();
        members.emplace_back();
        if (!member(members.back(), depth)) return false;
        skip_space();
      } while (take(','));
      if (!take('}')) return expected("',' or '}'");
    }
    keep_last_values(members);
    out = Json::object(std::move(members));
    return true;
  }

  bool member(JsonMember& out, std::uint32_t depth) {
    if (peek() != '"') return expected("a key in quotes");
    if (++keys_ > limits_.keys) {
      return refuse_at(at_, "more keys than the limit of " + std::to_string(limits_.keys));
    }
    if (!string(out.key)) return false;
    skip_space();
    if (!take(':')) return expected("':'");
    skip_space();
    return value(out.value, depth);
  }

  bool string(std::string& out) {
    ++at_;
    while (true) {
      const std::size_t start = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20) {
        ++at_;
      }
      const std::string_view plain = text_.substr(start, at_ - start);
      const std::size_t valid = valid_utf8_prefix(plain);
      if (valid < plain.size()) return refuse_at(start + valid, "malformed UTF-8");
      out.append(plain);
      if (take('"')) return true;
      if (!take('\\')) return expected("the end of a string");
      if (!escape(out)) return false;
    }
  }

  bool escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (take('u')) return unicode_escape(out);
    const std::size_t which = at_ < text_.size() ? kNames.find(text_[at_]) : std::string_view::npos;
    if (which == std::string_view::npos) return expected("an escape");
    ++at_;
    out.push_back(kMeanings[which]);
    return true;
  }

  bool unicode_escape(std::string& out) {
    const std::size_t start = at_ - 2;
    char32_t unit = 0;
    if (!hex4(unit)) return false;
    if (unit >= 0xD800 && unit < 0xE000) {
      char32_t low = 0;
      if (unit >= 0xDC00 || text_.substr(at_, 2) != "\\u")
        return refuse_at(start, "a lone surrogate");
      at_ += 2;
      if (!hex4(low)) return false;
      if (low < 0xDC00 || low > 0xDFFF) return refuse_at(start, "a lone surrogate");
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, unit);
    return true;
  }

  bool hex4(char32_t& out) {
    out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const auto digit = hex_digit(peek());
      if (!digit) return expected("a hexadecimal digit");
      out = out << 4 | *digit;
    }
    return true;
  }

  bool digits() {
    if (!is_digit(peek())) return expected("a digit");
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number(Json& out) {
    const std::size_t start = at_;
    if (peek() != '-' && !is_digit(peek())) return expected("a value");
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return false;
    }
    const double number = read_decimal(text_.substr(start, at_ - start));
    if (!std::isfinite(number)) return refuse_at(start, "a number beyond the range of a double");
    out = Json::number(number);
    return true;
  }

  std::string_view text_;
  const JsonLimits& limits_;
  std::size_t at_ = 0;
  std::uint32_t keys_ = 0;
  std::string error_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Error{ErrorCode::InvalidArgument, "JSON of " + std::to_string(text.size()) +
                                                 " bytes passes the limit of " +
                                                 std::to_string(limits.bytes)};
  }
  return Reader(text, limits).document();
}

}  // namespace corsac

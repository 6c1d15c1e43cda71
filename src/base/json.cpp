// A value tree: how JSON text becomes one is in json_reader.cpp.
#include "base/json.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "base/decimal.h"

namespace corsac {

Json Json::boolean(bool value) {
  Json out;
  out.value_.emplace<bool>(value);
  return out;
}

Json Json::number(double value) {
  Json out;
  out.value_.emplace<double>(value);
  return out;
}

Json Json::string(std::string value) {
  Json out;
  out.value_.emplace<std::string>(std::move(value));
  return out;
}

Json Json::array(std::vector<Json> items) {
  Json out;
  out.value_.emplace<std::vector<Json>>(std::move(items));
  return out;
}

Json Json::object(std::vector<JsonMember> members) {
  Json out;
  out.value_.emplace<std::vector<JsonMember>>(std::move(members));
  return out;
}

bool Json::as_boolean() const noexcept {
  assert(is(Type::Boolean));
  return *std::get_if<bool>(&value_);
}

double Json::as_number() const noexcept {
  assert(is(Type::Number));
  return *std::get_if<double>(&value_);
}

const std::string& Json::as_string() const noexcept {
  assert(is(Type::String));
  return *std::get_if<std::string>(&value_);
}

std::span<const Json> Json::items() const noexcept {
  assert(is(Type::Array));
  return *std::get_if<std::vector<Json>>(&value_);
}

std::span<const JsonMember> Json::members() const noexcept {
  assert(is(Type::Object));
  return *std::get_if<std::vector<JsonMember>>(&value_);
}

const Json* Json::find(std::string_view key) const noexcept {
  const auto* own = std::get_if<std::vector<JsonMember>>(&value_);
  if (own == nullptr) return nullptr;
  for (const JsonMember& member : *own) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

namespace {

void write_string(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\b': out.append("\\b"); break;
      case '\f': out.append("\\f"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out.append("\\u00").append(1, kHex[c >> 4 & 0xF]).append(1, kHex[c & 0xF]);
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

void write(std::string& out, const Json& value) {
  switch (value.type()) {
    case Json::Type::Null: out.append("null"); return;
    case Json::Type::Boolean: out.append(value.as_boolean() ? "true" : "false"); return;
    case Json::Type::String: write_string(out, value.as_string()); return;
    case Json::Type::Number:
      if (std::isfinite(value.as_number())) {
        append_decimal(out, value.as_number());
      } else {
        out.append("null");
      }
      return;
    case Json::Type::Array: {
      char before = '[';
      for (const Json& item : value.items()) {
        out.push_back(std::exchange(before, ','));
        write(out, item);
      }
      out.append(before == '[' ? "[]" : "]");
      return;
    }
    case Json::Type::Object: {
      char before = '{';
      for (const JsonMember& member : value.members()) {
        out.push_back(std::exchange(before, ','));
        write_string(out, member.key);
        out.push_back(':');
        write(out, member.value);
      }
      out.append(before == '{' ? "{}" : "}");
      return;
    }
  }
}

}  // namespace

std::string write_json(const Json& value) {
  std::string out;
  write(out, value);
  return out;
}

}  // namespace corsac

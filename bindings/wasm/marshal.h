// The only place where core values become JavaScript values and back.
//
// Contract, mirrored by js/core/module.ts:
//   - bulk data crosses as typed arrays, copied once; JavaScript never keeps a view of the heap;
//   - a fallible call returns { value } or { code, message }; C++ never throws into JavaScript;
//   - 64-bit counts and offsets cross as doubles: exact up to 2^53.
#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::bindings {

using emscripten::val;

/// Uint8Array -> bytes.
inline Bytes bytes(const val& array) {
  Bytes out(array["length"].as<std::size_t>());
  if (!out.empty()) {
    const auto* begin = reinterpret_cast<const unsigned char*>(out.data());
    val(emscripten::typed_memory_view(out.size(), begin)).call<void>("set", array);
  }
  return out;
}

/// Float32Array -> floats, Uint32Array -> numbers.
template <class T>
std::vector<T> numbers(const val& array) {
  std::vector<T> out(array["length"].as<std::size_t>());
  if (!out.empty())
    val(emscripten::typed_memory_view(out.size(), out.data())).call<void>("set", array);
  return out;
}

/// An exact-size typed array that JavaScript owns, e.g. copy("Uint32Array", ordinals).
template <class Range>
val copy(const char* array_type, const Range& items) {
  return val::global(array_type).new_(emscripten::typed_memory_view(items.size(), items.data()));
}

/// A Uint8Array that JavaScript owns.
inline val copy_bytes(ByteView items) {
  return copy("Uint8Array",
              std::span(reinterpret_cast<const unsigned char*>(items.data()), items.size()));
}

inline val text(std::string_view utf8) { return val(std::string(utf8)); }

inline double number(std::uint64_t value) { return static_cast<double>(value); }

/// A core object that JavaScript owns until it calls delete().
template <class T>
val owned(T object) {
  return val(std::make_unique<T>(std::move(object)));
}

/// { code, message }
inline val failure(const Error& error) {
  val out = val::object();
  out.set("code", text(name(error.code)));
  out.set("message", error.message);
  return out;
}

/// { value }, made from `result` by `convert`, or { code, message }.
template <class T, class Convert>
val outcome(Result<T> result, Convert convert) {
  if (!result) return failure(result.error());
  val out = val::object();
  out.set("value", convert(*std::move(result)));
  return out;
}

template <class T>
val outcome(Result<T> result) {
  return outcome(std::move(result), [](T&& value) { return val(std::move(value)); });
}

inline val outcome(Status status) {
  return outcome(std::move(status), [](Done) { return val::undefined(); });
}

}  // namespace corsac::bindings

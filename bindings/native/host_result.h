// A value or why a host failed: the codes of the core, and those of platforms (`storage`, `quota`,
// `locked`, `closed`), spelled as in js/errors.ts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.h"

namespace corsac::native {

struct HostError {
  std::string_view code;  ///< static
  std::string message;
};

inline HostError host_error(const Error& error) { return {name(error.code), error.message}; }

template <class T>
class [[nodiscard]] HostResult {
 public:
  HostResult(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  HostResult(HostError error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  /// Requires: has_value().
  T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  /// Requires: !has_value().
  const HostError& error() const noexcept { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, HostError> state_;
};

using HostStatus = HostResult<Done>;

}  // namespace corsac::native

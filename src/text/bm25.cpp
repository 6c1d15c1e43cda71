#include "text/bm25.h"

#include <cmath>
#include <string>

#include "base/decimal.h"

namespace corsac::text {
namespace {

/// By our own digits: those of the standard library bring its whole printf into the wasm.
std::string shown(float value) {
  if (!std::isfinite(value)) return "a number that is not finite";
  std::string out;
  append_decimal(out, static_cast<double>(value));
  return out;
}

}  // namespace

Status check_parameters(float k1, float b) {
  constexpr float kMaxK1 = 10.0f;
  if (!(k1 >= 0 && k1 <= kMaxK1)) {
    return Error{ErrorCode::InvalidArgument, "k1 must be between 0 and 10, got " + shown(k1)};
  }
  if (!(b >= 0 && b <= 1)) {
    return Error{ErrorCode::InvalidArgument, "b must be between 0 and 1, got " + shown(b)};
  }
  return Done{};
}

}  // namespace corsac::text

#include "text/bm25.h"

#include <string>

namespace corsac::text {

Status check_parameters(float k1, float b) {
  constexpr float kMaxK1 = 10.0f;
  if (!(k1 >= 0 && k1 <= kMaxK1)) {
    return Error{ErrorCode::InvalidArgument,
                 "k1 must be between 0 and 10, got " + std::to_string(k1)};
  }
  if (!(b >= 0 && b <= 1)) {
    return Error{ErrorCode::InvalidArgument, "b must be between 0 and 1, got " + std::to_string(b)};
  }
  return Done{};
}

}  // namespace corsac::text

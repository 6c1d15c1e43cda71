#include "codec/query_values.h"

#include <algorithm>

#include "math/normalise.h"

namespace corsac::codec {

bool take_values(Metric metric, std::span<const float> vector, std::span<float> values) noexcept {
  if (metric == Metric::Cosine) {
    math::normalise(vector, values);
  } else {
    std::copy(vector.begin(), vector.end(), values.begin());
  }
  return metric != Metric::L2 &&
         std::all_of(vector.begin(), vector.end(), [](float x) { return x == 0; });
}

}  // namespace corsac::codec

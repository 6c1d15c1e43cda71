// The query of a codec that scores in floats.
#pragma once

#include <span>

#include "base/types.h"

namespace corsac::codec {

/// Fills `values` with `vector`, normalised under cosine. Gives whether every code has the same
/// score. Requires: values.size() == vector.size(); every element finite.
bool take_values(Metric metric, std::span<const float> vector, std::span<float> values) noexcept;

}  // namespace corsac::codec

// What does each token add to a text's vector? One row of 4-bit numbers per token with one scale
// per row: byte j of a row holds number j in its low half and number j + dimension / 2 in its high
// half, each stored plus 8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace corsac::embed {

class TokenTable {
 public:
  /// Reads `count` scales (f32), then `count` rows of dimension / 2 bytes, which must fill `bytes`.
  /// Requires: dimension is even and not 0.
  /// Fails with: Corrupt when the length differs or a scale is not in 0 to 1e6.
  static Result<TokenTable> load(ByteView bytes, std::uint32_t count, std::uint32_t dimension);

  std::uint32_t dimension() const noexcept { return dimension_; }

  /// sum[j] += row[j] * scale, in float, in the order of the calls. Requires: token < count,
  /// sum.size() == dimension().
  void add_row(std::uint32_t token, std::span<float> sum) const noexcept;

 private:
  std::uint32_t dimension_ = 0;
  std::vector<float> scales_;       // [count]
  std::vector<std::uint8_t> rows_;  // [count x dimension / 2]
};

}  // namespace corsac::embed

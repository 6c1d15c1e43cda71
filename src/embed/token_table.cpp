#include "embed/token_table.h"

#include <cassert>
#include <string>
#include <utility>

namespace corsac::embed {
namespace {

constexpr float kMaxScale = 1e6f;  // Sums stay finite.

// Primitive arguments and no inlining: a browser engine compiles it well because it is called
// often.
[[gnu::noinline]] void add_halves(const std::uint8_t* row, float scale, std::size_t half,
                                  float* sum) {
  for (std::size_t j = 0; j < half; ++j) {
    sum[j] += static_cast<float>(static_cast<int>(row[j] & 0x0F) - 8) * scale;
    sum[half + j] += static_cast<float>(static_cast<int>(row[j] >> 4) - 8) * scale;
  }
}

}  // namespace

Result<TokenTable> TokenTable::load(ByteView bytes, std::uint32_t count, std::uint32_t dimension) {
  assert(dimension > 0 && dimension % 2 == 0);
  const std::uint64_t expected = std::uint64_t{count} * (sizeof(float) + dimension / 2);
  if (bytes.size() != expected) {
    return Error{ErrorCode::Corrupt, "expected " + std::to_string(expected) +
                                         " bytes of token rows, got " +
                                         std::to_string(bytes.size())};
  }
  ByteReader reader(bytes);
  TokenTable out;
  out.dimension_ = dimension;
  out.scales_ = reader.get_all<float>(count);
  out.rows_ = reader.get_all<std::uint8_t>(reader.remaining());
  for (std::uint32_t token = 0; token < count; ++token) {
    const float scale = out.scales_[token];
    if (scale >= 0 && scale <= kMaxScale) continue;  // false for NaN
    return Error{ErrorCode::Corrupt,
                 "the scale of token " + std::to_string(token) + " is not in 0 to 1e6"};
  }
  return out;
}

void TokenTable::add_row(std::uint32_t token, std::span<float> sum) const noexcept {
  assert(token < scales_.size() && sum.size() == dimension_);
  const std::size_t half = dimension_ / 2;
  add_halves(rows_.data() + token * half, scales_[token], half, sum.data());
}

}  // namespace corsac::embed

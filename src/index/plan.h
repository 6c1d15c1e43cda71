// Is it cheaper to score every wanted vector, or to walk the graph to the nearest? Costs are in
// scored codes; measured on 100,000 sentence vectors of 384 dimensions
// (benchmarks/cpp/vectors.cpp).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace corsac::index {

/// What a walk with a pool of `ef` costs at least. Wide pools pay for keeping their candidates
/// sorted.
constexpr std::uint64_t walk_cost(std::size_t ef) noexcept {
  return 14 * (ef + 20) * (1 + std::uint64_t{ef} / 1024);
}

/// Whether to score all `wanted` codes. A scan reads memory in order: it is given twice the codes.
/// A walk among few of many nodes looks at links of nodes that it must not score.
constexpr bool should_scan(std::size_t wanted, std::size_t live, std::size_t ef) noexcept {
  const std::uint64_t walk = walk_cost(ef);
  const std::uint64_t detours = wanted == 0 ? 1 : std::min<std::uint64_t>(live / wanted, 4);
  return wanted <= walk * std::max<std::uint64_t>(detours, 1) || wanted <= 2 * ef;
}

}  // namespace corsac::index

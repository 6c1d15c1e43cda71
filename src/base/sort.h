// How are things put in order? By one compiled sort for all: each instance of std::sort takes 2 to
// 6 KB of wasm. Only where a total order decides, or ties keep their places, is the outcome the
// same everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace corsac {

/// Ascending. The fastest here: where the build of a graph sorts, it sorts such keys.
void sort_keys(std::span<std::uint64_t> keys);

/// Whether item a stands before item b of somebody's items.
using Before = bool (*)(const void* owner, std::uint32_t a, std::uint32_t b);

/// Numbers of items in the order of the items; what neither stands before the other keeps its
/// place.
void sort_numbers(std::span<std::uint32_t> numbers, Before before, const void* owner);
/// The same for two parts that are sorted, the first `middle` and the rest.
void merge_numbers(std::span<std::uint32_t> numbers, std::size_t middle, Before before,
                   const void* owner);

namespace sorting {

template <class Less>
bool call(const void* less, std::uint32_t a, std::uint32_t b) {
  return (*static_cast<const Less*>(less))(a, b);
}

std::vector<std::uint32_t> order(std::size_t count, Before before, const void* owner);

}  // namespace sorting

template <class Less>
void sort_numbers(std::span<std::uint32_t> numbers, const Less& less) {
  sort_numbers(numbers, sorting::call<Less>, &less);
}

template <class Less>
void merge_numbers(std::span<std::uint32_t> numbers, std::size_t middle, const Less& less) {
  merge_numbers(numbers, middle, sorting::call<Less>, &less);
}

/// The numbers 0 to count - 1 in the order that `less(a, b)` says; ties ascend. Requires: count <
/// 2^32.
template <class Less>
std::vector<std::uint32_t> order_of(std::size_t count, const Less& less) {
  return sorting::order(count, sorting::call<Less>, &less);
}

/// Sorts by `less`; ties keep their places.
template <class Item, class Less>
void sort_items(std::vector<Item>& items, const Less& less) {
  const auto order = order_of(items.size(), [&](std::uint32_t a, std::uint32_t b) {
    return less(std::as_const(items)[a], std::as_const(items)[b]);
  });
  std::vector<Item> sorted;
  sorted.reserve(items.size());
  for (const std::uint32_t i : order) sorted.push_back(std::move(items[i]));
  items = std::move(sorted);
}

}  // namespace corsac

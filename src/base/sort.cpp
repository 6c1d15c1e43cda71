#include "base/sort.h"

#include <algorithm>
#include <numeric>

namespace corsac {
namespace {

constexpr std::size_t kShort = 8;  // sorted by insertion

struct Order {
  Before before;
  const void* owner;

  bool operator()(std::uint32_t a, std::uint32_t b) const { return before(owner, a, b); }
};

void insert_each(std::span<std::uint32_t> numbers, Order order) {
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    const std::uint32_t number = numbers[i];
    std::size_t at = i;
    for (; at > 0 && order(number, numbers[at - 1]); --at) numbers[at] = numbers[at - 1];
    numbers[at] = number;
  }
}

void merge(std::span<std::uint32_t> numbers, std::size_t middle, Order order,
           std::vector<std::uint32_t>& left) {
  if (middle == 0 || middle >= numbers.size() || !order(numbers[middle], numbers[middle - 1]))
    return;
  left.assign(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(middle));
  std::size_t from = 0, out = 0;
  while (from < left.size()) {
    const bool later = middle < numbers.size() && order(numbers[middle], left[from]);
    numbers[out++] = later ? numbers[middle++] : left[from++];
  }
}

}  // namespace

void sort_keys(std::span<std::uint64_t> keys) { std::sort(keys.begin(), keys.end()); }

void sort_numbers(std::span<std::uint32_t> numbers, Before before, const void* owner) {
  const Order order{before, owner};
  const auto part = [&](std::size_t at, std::size_t size) {
    return numbers.subspan(at, std::min(size, numbers.size() - at));
  };
  for (std::size_t at = 0; at < numbers.size(); at += kShort) insert_each(part(at, kShort), order);
  std::vector<std::uint32_t> left;
  for (std::size_t width = kShort; width < numbers.size(); width *= 2) {
    for (std::size_t at = 0; at < numbers.size(); at += 2 * width)
      merge(part(at, 2 * width), width, order, left);
  }
}

void merge_numbers(std::span<std::uint32_t> numbers, std::size_t middle, Before before,
                   const void* owner) {
  std::vector<std::uint32_t> left;
  merge(numbers, middle, {before, owner}, left);
}

std::vector<std::uint32_t> sorting::order(std::size_t count, Before before, const void* owner) {
  std::vector<std::uint32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::uint32_t{0});
  sort_numbers(numbers, before, owner);
  return numbers;
}

}  // namespace corsac

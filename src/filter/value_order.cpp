#include "filter/value_order.h"

#include <algorithm>
#include <numeric>

namespace corsac::filter {
namespace {

// A sort costs about as much as so many scans, a counting sort a few.
constexpr std::uint32_t kScansPerSort = 32;
constexpr std::uint32_t kScansPerGrouping = 4;
constexpr std::size_t kWorthOrdering = 1024;

// Whether an order over `covered` of `count` items shall be made anew now.
bool is_due(std::size_t covered, std::size_t count, std::uint32_t price, std::uint32_t& asked) {
  if (count < kWorthOrdering || count - covered <= covered / 8 || ++asked < price) return false;
  asked = 0;
  return true;
}

}  // namespace

void ValueOrder::prepare(std::size_t count, Before before, const void* owner) {
  if (!is_due(items_.size(), count, kScansPerSort, asked_)) return;
  items_.resize(count);
  std::iota(items_.begin(), items_.end(), std::uint32_t{0});
  sort_numbers(items_, before, owner);
}

void EntryGroups::prepare(std::span<const std::uint32_t> numbers, std::size_t number_count) {
  if (!is_due(entries_.size(), numbers.size(), kScansPerGrouping, asked_)) return;
  ends_.assign(number_count + 1, 0);
  for (const std::uint32_t number : numbers) ++ends_[number + 1];
  std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
  entries_.resize(numbers.size());
  for (std::uint32_t entry = 0; entry < numbers.size(); ++entry)
    entries_[ends_[numbers[entry]]++] = entry;
  ends_.pop_back();
}

std::span<const std::uint32_t> EntryGroups::of(std::uint32_t number) const noexcept {
  if (number >= ends_.size()) return {};
  const std::uint32_t start = number == 0 ? 0 : ends_[number - 1];
  return std::span(entries_).subspan(start, ends_[number] - start);
}

}  // namespace corsac::filter

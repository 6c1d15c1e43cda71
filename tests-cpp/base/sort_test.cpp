#include "base/sort.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace corsac {
namespace {

std::vector<std::uint32_t> random_numbers(std::size_t count, std::uint32_t below) {
  Random random(count);
  std::vector<std::uint32_t> out(count);
  for (std::uint32_t& each : out) each = static_cast<std::uint32_t>(random.next() % below);
  return out;
}

TEST(Sort, KeysAscend) {
  std::vector<std::uint64_t> keys = {5, 0, ~std::uint64_t{0}, 5, 1};
  sort_keys(keys);
  EXPECT_EQ(keys, (std::vector<std::uint64_t>{0, 1, 5, 5, ~std::uint64_t{0}}));
}

TEST(Sort, NumbersAreSortedAsByTheLibraryForEveryShortLength) {
  for (std::size_t count = 0; count < 100; ++count) {
    std::vector<std::uint32_t> numbers = random_numbers(count, 50);
    std::vector<std::uint32_t> expected = numbers;
    std::sort(expected.begin(), expected.end());
    sort_numbers(numbers, std::less<>{});
    EXPECT_EQ(numbers, expected) << count;
  }
}

TEST(Sort, TiesKeepTheirPlaces) {
  const std::vector<std::uint32_t> values = random_numbers(5000, 7);
  std::vector<std::uint32_t> expected(values.size());
  std::iota(expected.begin(), expected.end(), 0u);
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; };
  std::stable_sort(expected.begin(), expected.end(), before);
  EXPECT_EQ(order_of(values.size(), before), expected);
}

TEST(Sort, TwoSortedPartsAreMergedWhereverTheyMeet) {
  for (std::size_t middle = 0; middle <= 40; ++middle) {
    std::vector<std::uint32_t> numbers = random_numbers(40, 1000);
    sort_numbers(std::span(numbers).first(middle), std::less<>{});
    sort_numbers(std::span(numbers).subspan(middle), std::less<>{});
    merge_numbers(numbers, middle, std::less<>{});
    EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end())) << middle;
  }
}

TEST(Sort, ItemsThatCanOnlyBeMovedAreSorted) {
  std::vector<std::unique_ptr<std::string>> items;
  for (const char* each : {"pear", "apple", "fig"})
    items.push_back(std::make_unique<std::string>(each));
  sort_items(items, [](const auto& a, const auto& b) { return *a < *b; });
  EXPECT_EQ(*items[0] + *items[1] + *items[2], "applefigpear");
}

}  // namespace
}  // namespace corsac

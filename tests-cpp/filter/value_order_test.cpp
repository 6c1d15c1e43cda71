#include "filter/value_order.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/bitset.h"
#include "filter/column.h"
#include "filter/leaf.h"

namespace corsac::filter {
namespace {

bool is_less(const void* owner, std::uint32_t a, std::uint32_t b) {
  const int* values = static_cast<const int*>(owner);
  return values[a] != values[b] ? values[a] < values[b] : a < b;
}

TEST(ValueOrder, IsMadeWhenItPaysAndAgainWhenAnEighthIsNew) {
  std::vector<int> values(3000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i * 7919 % 100);
  ValueOrder order;
  order.prepare(2000, is_less, values.data());
  EXPECT_EQ(order.covered(), 0u);
  for (int i = 0; i < 100; ++i) order.prepare(2000, is_less, values.data());
  ASSERT_EQ(order.covered(), 2000u);
  for (std::size_t i = 1; i < 2000; ++i)
    EXPECT_TRUE(is_less(values.data(), order.items()[i - 1], order.items()[i]));
  for (int i = 0; i < 100; ++i) order.prepare(2100, is_less, values.data());
  EXPECT_EQ(order.covered(), 2000u);
  for (int i = 0; i < 100; ++i) order.prepare(3000, is_less, values.data());
  EXPECT_EQ(order.covered(), 3000u);
  for (int i = 0; i < 100; ++i) ValueOrder().prepare(10, is_less, values.data());
}

TEST(EntryGroups, HoldTheEntriesOfEachNumberAscending) {
  std::vector<std::uint32_t> numbers(2000);
  for (std::uint32_t i = 0; i < numbers.size(); ++i) numbers[i] = i % 7 == 3 ? 5 : i % 3;
  EntryGroups groups;
  for (int i = 0; i < 10; ++i) groups.prepare(numbers, 8);
  ASSERT_EQ(groups.covered(), numbers.size());
  for (std::uint32_t number = 0; number < 9; ++number) {
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] == number) expected.push_back(i);
    }
    const auto found = groups.of(number);
    EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()), expected) << number;
  }
}

/// A column of random numbers and strings, and what naive evaluation says of it.
class Asked : public testing::TestWithParam<int> {
 protected:
  void grow(Ordinal end, bool dense) {
    for (; next_ < end; ++next_) {
      if (!dense && random_() % 3 == 0) continue;
      const auto number = static_cast<double>(random_() % 500) - 250;
      add(Json::number(number));
      if (!dense && random_() % 4 == 0) add(Json::number(number / 2));
      add(Json::string(word()));
    }
  }
  void add(const Json& value) {
    column_.add(next_, value);
    values_.push_back({next_, value});
  }
  std::string word() {
    return std::string(1 + random_() % 2, static_cast<char>('a' + random_() % 20)) +
           std::to_string(random_() % 40);
  }

  void expect_right(Op op, const std::vector<Json>& operands, std::size_t documents) {
    Words words = words_for(documents);
    column_.mark(op, operands, documents, words);
    Bitset expected(documents);
    for (const auto& [ordinal, value] : values_) {
      if (ordinal >= documents) continue;
      for (const Json& operand : operands) {
        const Op simple = op == Op::In ? Op::Eq : op;
        const bool numbers = value.is(Json::Type::Number) && operand.is(Json::Type::Number);
        const bool strings = value.is(Json::Type::String) && operand.is(Json::Type::String);
        if ((numbers && in_order(simple, value.as_number(), operand.as_number())) ||
            (strings && string_satisfies(simple, value.as_string(), operand.as_string())))
          expected.set(ordinal);
      }
    }
    ASSERT_EQ(Bitset::from_words(words, documents), expected) << static_cast<int>(op);
  }
  void ask() {
    constexpr Op kOps[] = {Op::Eq, Op::Gt, Op::Gte, Op::Lt, Op::Lte, Op::StartsWith, Op::Contains};
    for (int round = 0; round < 60; ++round) {
      const std::size_t documents = round % 5 == 0 ? next_ / 2 + 3 : next_ + 5;
      for (const Op op : kOps) {
        expect_right(op, {Json::string(word().substr(0, 1 + random_() % 4))}, documents);
        if (op != Op::StartsWith && op != Op::Contains)
          expect_right(op, {Json::number(static_cast<double>(random_() % 600) - 300)}, documents);
      }
      expect_right(Op::In,
                   {Json::string(word()), Json::number(7), Json::string(word()), Json::number(-3)},
                   documents);
      expect_right(Op::In, {}, documents);
    }
  }

  std::mt19937 random_{7};
  Column column_;
  Ordinal next_ = 0;
  std::vector<std::pair<Ordinal, Json>> values_;
};

TEST_P(Asked, OftenAnswersAsAtFirst) {
  const bool dense = GetParam() == 1;
  grow(2000, dense);
  ask();
  grow(2100, dense);
  ask();
  grow(3000, dense);
  ask();
}

INSTANTIATE_TEST_SUITE_P(Columns, Asked, testing::Values(0, 1));

}  // namespace
}  // namespace corsac::filter

#include "text/term_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/random.h"

namespace corsac::text {
namespace {

TEST(TermTable, NumbersStringsInTheOrderTheyCome) {
  TermTable table;
  EXPECT_EQ(table.insert("b"), std::pair(0u, true));
  EXPECT_EQ(table.insert("a"), std::pair(1u, true));
  EXPECT_EQ(table.insert("b"), std::pair(0u, false));
  EXPECT_EQ(table.insert(""), std::pair(2u, true));
  EXPECT_EQ(table[1], "a");
  EXPECT_EQ(table.find(""), 2u);
  EXPECT_EQ(table.find("c"), TermTable::kNone);
}

TEST(TermTable, TellsStringsApartThatShareTheirFirstBytesOrZeros) {
  TermTable table;
  const std::string zeros(8, '\0');
  for (std::size_t length = 0; length <= 8; ++length)
    table.insert(std::string_view(zeros).substr(0, length));
  EXPECT_EQ(table.size(), 9u);
  table.insert("12345678a");
  table.insert("12345678b");
  table.insert("12345678");
  EXPECT_EQ(table.size(), 12u);
}

TEST(TermTable, AgreesWithAMapWhileItGrows) {
  TermTable table;
  std::map<std::string, std::uint32_t> expected;
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string word;
    for (std::uint64_t left = random.below(14); left > 0; --left)
      word.push_back(static_cast<char>('a' + random.below(3)));
    const auto [at, is_new] =
        expected.try_emplace(word, static_cast<std::uint32_t>(expected.size()));
    EXPECT_EQ(table.insert(word), std::pair(at->second, is_new));
  }
  for (const auto& [word, id] : expected) {
    EXPECT_EQ(table.find(word), id);
    EXPECT_EQ(table[id], word);
  }
  table.clear();
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.find("a"), TermTable::kNone);
}

}  // namespace
}  // namespace corsac::text

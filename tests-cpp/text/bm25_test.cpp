#include "text/bm25.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "text/text_index.h"

namespace corsac::text {
namespace {

TEST(Bm25, IsTheFormulaInDoublePrecision) {
  const Statistics statistics{.documents = 1000, .total_length = 75'300};
  for (const double df : {1.0, 7.0, 500.0, 999.0, 1000.0}) {
    for (const double tf : {1.0, 2.0, 60.0}) {
      for (const double dl : {1.0, 75.0, 65'535.0}) {
        for (const auto& [k1, b] : {std::pair{1.2, 0.75}, {0.9, 0.4}, {0.0, 0.5}, {10.0, 1.0}}) {
          const double idf = std::log(1 + (1000 - df + 0.5) / (df + 0.5));
          const double expected = idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * dl / 75.3));
          const auto k1f = static_cast<float>(k1), bf = static_cast<float>(b);
          const float actual = contribution(
              term_weight(k1f, static_cast<std::uint64_t>(df), statistics), static_cast<float>(tf),
              static_cast<float>(dl), length_norm(k1f, bf, statistics));
          EXPECT_NEAR(actual, expected, 1e-5 * expected);
          EXPECT_GT(actual, 0);
        }
      }
    }
  }
}

// Three documents of 3, 4 and 1 words: N 3, avgdl 8/3. Worked by hand for "fox", which 2 documents
// have: idf = ln(1 + 1.5 / 2.5) = 0.470004; in the first tf 2, dl 3: 2 * 2.2 / (2 + 1.2 (0.25 +
// 0.75 * 1.125)) = 1.328302.
class SmallCollection : public ::testing::Test {
 protected:
  void SetUp() override {
    index_ = *create_text_index({});
    index_->add(0, "fox fox den");
    index_->add(1, "fox night wind grass");
    index_->add(2, "wind");
  }

  std::vector<float> scores(std::string_view text, float k1 = -1, float b = -1) const {
    const TextQuery query{.text = text, .k1 = k1, .b = b};
    std::vector<float> out(3);
    const auto result = index_->search(query);
    EXPECT_TRUE(result.has_value());
    for (const Hit& hit : result->hits) out[hit.ordinal] = hit.score;
    return out;
  }

  static void expect_near(const std::vector<float>& actual, const std::vector<float>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(actual[i], expected[i], 2e-6f) << "document " << i;
  }

  std::unique_ptr<TextIndex> index_;
};

TEST_F(SmallCollection, HasTheScoresWorkedByHand) {
  expect_near(scores("fox"), {0.624307f, 0.390192f, 0});
  expect_near(scores("fox wind"), {0.624307f, 0.780383f, 0.631455f});
  expect_near(scores("fox", 0.9f, 0.4f), {0.606456f, 0.429330f, 0});
}

TEST_F(SmallCollection, CountsAQueryTermEachTimeItOccurs) {
  expect_near(scores("fox fox"), {1.248613f, 0.780383f, 0});
}

TEST(Bm25, RefusesParametersOutsideTheirRange) {
  EXPECT_TRUE(check_parameters(0, 0).has_value());
  EXPECT_TRUE(check_parameters(10, 1).has_value());
  EXPECT_FALSE(check_parameters(10.5f, 0.5f).has_value());
  EXPECT_FALSE(check_parameters(1, std::nanf("")).has_value());
}

}  // namespace
}  // namespace corsac::text

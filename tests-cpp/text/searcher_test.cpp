// The index against an oracle that keeps every document's tokens and scores them one by one.
#include "text/searcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/random.h"
#include "base/top_k.h"
#include "support/sections.h"
#include "text/segmented_index.h"

namespace corsac::text {
namespace {

std::string random_document(Random& random, std::uint64_t words) {
  std::string out;
  for (; words > 0; --words) {
    // Low numbers are frequent, so lists of every length occur; a few words share a prefix.
    const std::uint64_t word = random.below(1 + random.below(1 + random.below(900)));
    out += (word % 7 == 0 ? "pre" : "w") + std::to_string(word) + ' ';
  }
  return out;
}

class Oracle {
 public:
  void add(std::string_view content) {
    std::map<std::string, std::uint32_t> frequencies;
    std::vector<Token> tokens;
    analysis_.tokens(content, tokens);
    std::uint32_t length = 0;
    for (const Token& token : tokens) {
      ++frequencies[analysis_.term(token.in(content), token.kind)];
      length += counts(token.kind) ? 1 : 0;
    }
    statistics_.documents += 1;
    statistics_.total_length += length;
    documents_.push_back({std::move(frequencies), static_cast<float>(length)});
  }

  std::vector<float> scores(const TextQuery& query) const {
    const auto norm = length_norm(1.2f, 0.75f, statistics_);
    std::vector<float> total(documents_.size());
    std::vector<bool> misses(documents_.size());
    struct Shares {
      float weight;
      std::vector<float> of;
    };
    std::vector<Shares> lists;  // Summed by descending weight.
    for (const QueryTerm& term : analysis_.query(query.text, query.prefix)) {
      std::uint64_t group = 0;
      for (const Document& document : documents_) {
        for (const auto& [text, tf] : document.frequencies)
          group += !term.prefix.empty() && text.starts_with(term.prefix) ? 1 : 0;
      }
      const float group_weight = group > 0 ? term_weight(1.2f, group, statistics_) : 0.0f;
      const std::uint64_t own = frequency(term.term);
      const float own_weight = own > 0 ? term_weight(1.2f, own, statistics_) : 0.0f;
      lists.push_back({std::max(own_weight, group_weight), {}});
      for (std::size_t d = 0; d < documents_.size(); ++d) {
        float share = 0;
        for (const auto& [text, tf] : documents_[d].frequencies) {
          const auto value = static_cast<float>(tf);
          if (text == term.term)
            share = std::max(share, contribution(own_weight, value, documents_[d].length, norm));
          if (!term.prefix.empty() && text.starts_with(term.prefix)) {
            share = std::max(share, contribution(group_weight, value, documents_[d].length, norm));
          }
        }
        lists.back().of.push_back(share);
        if (share == 0) misses[d] = true;
      }
    }
    std::stable_sort(lists.begin(), lists.end(),
                     [](const Shares& a, const Shares& b) { return a.weight > b.weight; });
    for (std::size_t d = 0; d < documents_.size(); ++d) {
      for (const Shares& list : lists) total[d] += list.of[d];
      if (query.op == Operator::And && misses[d]) total[d] = 0;
    }
    return total;
  }

 private:
  struct Document {
    std::map<std::string, std::uint32_t> frequencies;
    float length;
  };

  std::uint64_t frequency(const std::string& term) const {
    return static_cast<std::uint64_t>(
        std::count_if(documents_.begin(), documents_.end(),
                      [&](const Document& d) { return d.frequencies.contains(term); }));
  }

  Analysis analysis_ = *Analysis::create({});
  std::vector<Document> documents_;
  Statistics statistics_;
};

std::vector<Hit> best_of(const std::vector<float>& scores, const TextQuery& query,
                         const std::set<Ordinal>& removed = {}) {
  TopK best(query.k);
  for (Ordinal i = 0; i < scores.size(); ++i) {
    const bool allowed = query.allowed == nullptr || query.allowed->test(i);
    if (scores[i] > 0 && allowed && !removed.contains(i)) best.push({i, scores[i]});
  }
  return best.take();
}

constexpr Ordinal kDocuments = 9000;  // More than two windows.

class SearcherTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    Random random(42);
    for (Ordinal i = 0; i < kDocuments; ++i)
      documents_.push_back(random_document(random, random.below(30)));
    for (const std::string& document : documents_) oracle_.add(document);
    for (const std::string_view text :
         {"w1", "w1 w2 w3", "w2 w500", "w700 w1 w700", "nothing", "w3 nothing", "w4 pre", "pre7",
          "pre", "w1 w2", "w1 w2 w3 w4 w5 w6", "w2 w250 w1 w400 w3"}) {
      for (const Operator op : {Operator::Or, Operator::And}) {
        for (const bool prefix : {false, true})
          queries_.push_back({.text = text, .k = 50, .op = op, .prefix = prefix});
      }
    }
    for (const TextQuery& query : queries_) scores_.push_back(oracle_.scores(query));
  }

  // In segments of the sizes given, the rest still growing.
  static std::unique_ptr<TextIndex> index_in(const std::vector<Ordinal>& segments,
                                             test::MemorySections& sections) {
    auto index = *create_text_index({});
    auto next = segments.begin();
    Ordinal boundary = next == segments.end() ? kDocuments : *next++;
    for (Ordinal i = 0; i < kDocuments; ++i) {
      index->add(i, documents_[i]);
      if (i + 1 != boundary) continue;
      index->save(sections);
      boundary += next == segments.end() ? kDocuments : *next++;
    }
    return index;
  }

  static void expect_oracle(const TextIndex& index) {
    std::vector<Ordinal> all(kDocuments);
    for (Ordinal i = 0; i < kDocuments; ++i) all[i] = kDocuments - 1 - i;
    for (std::size_t q = 0; q < queries_.size(); ++q) {
      const auto result = index.search(queries_[q]);
      ASSERT_TRUE(result.has_value());
      for (const std::size_t k : {std::size_t{3}, queries_[q].k}) {
        TextQuery query = queries_[q];
        query.k = k;
        EXPECT_EQ(index.search(query)->hits, best_of(scores_[q], query)) << query.text;
      }
      std::vector<float> scores(kDocuments);
      index.score(queries_[q], all, scores);
      std::reverse(scores.begin(), scores.end());
      EXPECT_EQ(scores, scores_[q]) << queries_[q].text;
    }
  }

  static std::vector<std::string> documents_;
  static std::vector<TextQuery> queries_;
  static std::vector<std::vector<float>> scores_;
  static Oracle oracle_;
};

std::vector<std::string> SearcherTest::documents_;
std::vector<TextQuery> SearcherTest::queries_;
std::vector<std::vector<float>> SearcherTest::scores_;
Oracle SearcherTest::oracle_;

TEST_F(SearcherTest, EqualsTheOracleToTheBitHoweverSegmented) {
  for (const std::vector<Ordinal>& segments : {std::vector<Ordinal>{},
                                               {kDocuments},
                                               {1, 4000, 300},
                                               {4096, 4096},
                                               {100, 100, 100, 100, 100, 100, 100, 8000}}) {
    test::MemorySections sections;
    expect_oracle(*index_in(segments, sections));
  }
}

TEST_F(SearcherTest, EqualsTheOracleAfterLoading) {
  test::MemorySections sections;
  index_in({3000, 3000, 3000}, sections);
  const auto loaded = load_text_index({}, sections);
  ASSERT_TRUE(loaded.has_value());
  expect_oracle(**loaded);
}

TEST_F(SearcherTest, ReturnsOnlyWhatIsAllowedAndPresent) {
  test::MemorySections sections;
  const auto index = index_in({5000}, sections);
  Bitset allowed(kDocuments);
  Random random(5);
  for (Ordinal i = 0; i < kDocuments; ++i) {
    if (random.below(50) == 0) allowed.set(i);
  }
  std::set<Ordinal> removed;
  for (Ordinal i = 0; i < kDocuments; i += 3) {
    removed.insert(i);
    index->remove(i);
  }
  for (std::size_t q = 0; q < queries_.size(); ++q) {
    TextQuery query = queries_[q];
    query.allowed = &allowed;
    EXPECT_EQ(index->search(query)->hits, best_of(scores_[q], query, removed)) << query.text;
  }
  const Ordinal gone[] = {0};
  float score[] = {1};
  index->score({.text = documents_[0]}, gone, score);
  EXPECT_EQ(score[0], 0);
}

}  // namespace
}  // namespace corsac::text

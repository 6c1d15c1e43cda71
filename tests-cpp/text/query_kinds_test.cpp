// Every kind of query against documents read word by word: phrases, slop, misspelt words, what is
// required and excluded, over several segments, with deletes and filters.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "support/sections.h"
#include "support/text_oracle.h"
#include "text/segmented_index.h"

namespace corsac::text {
namespace {

constexpr Ordinal kDocuments = 6000;
const TextOptions kOptions{.language = "none"};

std::string random_document(Random& random) {
  std::string out;
  for (std::uint64_t words = random.below(25); words > 0; --words) {
    std::uint64_t word = random.below(1 + random.below(1 + random.below(400)));
    std::string letters;
    for (; word > 0 || letters.empty(); word /= 5)
      letters.push_back(static_cast<char>('a' + word % 5));
    out += letters + ' ';
  }
  return out;
}

class Corpus {
 public:
  Corpus() {
    Random random(8);
    for (Ordinal i = 0; i < kDocuments; ++i) {
      texts_.push_back(random_document(random));
      oracle_.add(texts_.back());
    }
  }

  const std::string& text(Ordinal i) const { return texts_[i]; }
  std::vector<float> scores(const TextQuery& query) const { return oracle_.scores(query); }

 private:
  std::vector<std::string> texts_;
  test::TextOracle oracle_{kOptions};
};

std::vector<TextQuery> every_kind() {
  std::vector<TextQuery> queries;
  for (const std::string_view text :
       {"\"a b\"", "\"b a c\"~2", "+a -b", "+ab b c", "-a bc", "a* +b", "bcd~ a", "abab~2 -a",
        "\"a a\" b", "+\"a b\" c", "b +dc* -\"a b\"", "-a", "+zzzz a", "ab +abab~2 \"c d\"~1"}) {
    for (const std::size_t k : {3u, 40u})
      queries.push_back({.text = text, .k = k, .lenient = false});
  }
  for (const std::string_view text : {"\"a b\" cd", "a bcd", "abc dc b"}) {
    for (const std::uint8_t fuzzy : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
      for (const Operator op : {Operator::Or, Operator::And}) {
        queries.push_back({.text = text, .k = 5, .op = op, .fuzzy = fuzzy});
        queries.push_back({.text = text, .k = 5, .op = op, .prefix = true, .fuzzy = fuzzy});
      }
    }
  }
  return queries;
}

TEST(QueryKinds, EqualAReadingOfEveryDocument) {
  const Corpus corpus;
  test::MemorySections sections;
  auto index = *create_text_index(kOptions);
  for (Ordinal i = 0; i < kDocuments; ++i) {
    index->add(i, corpus.text(i));
    if (i == 3000 || i == 3100 || i == 5000) index->save(sections);
  }
  std::vector<std::vector<float>> scores;
  for (const TextQuery& query : every_kind()) scores.push_back(corpus.scores(query));
  Bitset allowed(kDocuments);
  Random random(2);
  for (Ordinal i = 0; i < kDocuments; ++i) {
    if (random.below(3) > 0) allowed.set(i);
  }
  std::vector<Ordinal> all(kDocuments);
  for (Ordinal i = 0; i < kDocuments; ++i) all[i] = i;
  for (const bool removed : {false, true}) {
    for (Ordinal i = 0; removed && i < kDocuments; i += 5) index->remove(i);
    std::size_t q = 0;
    for (TextQuery query : every_kind()) {
      std::vector<float> expected = scores[q++], found(kDocuments);
      for (Ordinal i = 0; removed && i < kDocuments; i += 5) expected[i] = 0;
      index->score(query, all, found);
      EXPECT_EQ(found, expected) << query.text;
      for (const Bitset* filter :
           {static_cast<const Bitset*>(nullptr), static_cast<const Bitset*>(&allowed)}) {
        query.allowed = filter;
        EXPECT_EQ(index->search(query)->hits, test::best_of(expected, query))
            << query.text << " k " << query.k;
      }
    }
  }
}

TEST(QueryKinds, KeepPositionsThroughMergesAndLoading) {
  test::MemorySections sections;
  auto index = *create_text_index({});
  const TextQuery phrase{.text = "\"quick fox\"", .lenient = false};
  for (Ordinal i = 0; i < 400; ++i) {
    index->add(i, i % 3 == 0 ? "the quick fox runs" : "a fox is quick");
    if (i % 50 == 49) index->save(sections);
    if (i % 7 == 0) index->remove(i);
  }
  index->save(sections);
  const auto before = index->search(phrase)->hits;
  ASSERT_FALSE(before.empty());
  for (const Hit& hit : before) EXPECT_EQ(hit.ordinal % 3, 0u);
  const auto loaded = *load_text_index({}, sections);
  EXPECT_EQ(loaded->search(phrase)->hits, before);
}

TEST(QueryKinds, RefuseAPhraseWherePositionsAreNotKept) {
  const auto index = *create_text_index({.positions = false});
  index->add(0, "red fox");
  const auto refused = index->search({.text = "\"red fox\"", .lenient = false});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidQuery);
  EXPECT_EQ(index->search({.text = "\"red fox\""})->hits.size(), 1u);
}

TEST(QueryKinds, SearchEachFieldAsAnIndexOfItsOwn) {
  const Corpus corpus;
  TextOptions options = kOptions;
  options.fields = {{"title", 1}, {"summary", 3}};
  test::MemorySections sections;
  auto together = *create_text_index(options), content = *create_text_index(kOptions),
       titles = *create_text_index(kOptions);
  constexpr Ordinal kSome = 800;
  for (Ordinal i = 0; i < kSome; ++i) {
    const std::string title = "b " + corpus.text(kSome + i);
    const FieldText texts[] = {{0, corpus.text(i)}, {1, title}};
    together->add(i, texts);
    content->add(i, corpus.text(i));
    titles->add(i, title);
    if (i == 300 || i == 500) together->save(sections);
  }
  together->save(sections);
  const auto loaded = *load_text_index(options, sections);
  std::vector<Ordinal> all(kSome);
  for (Ordinal i = 0; i < kSome; ++i) all[i] = i;
  for (TextQuery query : every_kind()) {
    const TextQuery alone = query;
    std::vector<float> both(kSome), one(kSome), other(kSome);
    content->score(query, all, one);
    titles->score(query, all, other);
    for (const TextIndex* index : {together.get(), loaded.get()}) {
      query.fields = 1;
      EXPECT_EQ(index->search(query)->hits, content->search(alone)->hits) << query.text;
      query.fields = 2;
      EXPECT_EQ(index->search(query)->hits, titles->search(alone)->hits) << query.text;
      query.fields = 4;
      EXPECT_TRUE(index->search(query)->hits.empty());
    }
    query.fields = 3;
    if (query.text.find_first_of("+-") != std::string_view::npos || query.op == Operator::And)
      continue;
    loaded->score(query, all, both);
    for (Ordinal i = 0; i < kSome; ++i) EXPECT_NEAR(both[i], one[i] + other[i], 1e-4f);
  }
  const TextQuery required{.text = "+title:b +content:a", .k = kSome, .lenient = false};
  const std::vector<Hit> hits = loaded->search(required)->hits;
  ASSERT_FALSE(hits.empty());
  for (const Hit& hit : hits)
    EXPECT_NE((" " + corpus.text(hit.ordinal)).find(" a "), std::string::npos);
}

TEST(QueryKinds, KeepPhrasesInsideOneOfSeveralTexts) {
  auto index = *create_text_index({.fields = {{"tags", 1}}});
  const FieldText texts[] = {{0, "x"}, {1, "red"}, {1, "fox"}};
  index->add(0, texts);
  EXPECT_TRUE(index->search({.text = "\"red fox\"~9", .lenient = false})->hits.empty());
  EXPECT_EQ(index->search({.text = "red fox"})->hits.size(), 1u);
}

TEST(QueryKinds, FindAPhraseOfIdeograms) {
  const auto index = *create_text_index({});
  index->add(0, "東京都に住む");
  index->add(1, "京都東に住む");
  const auto hits = index->search({.text = "\"東京都\"", .lenient = false})->hits;
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].ordinal, 0u);
}

}  // namespace
}  // namespace corsac::text

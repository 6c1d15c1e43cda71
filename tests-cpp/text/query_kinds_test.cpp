// Every kind of query against documents read word by word: phrases, slop, misspelt words, what is
// required and excluded, over several segments, with deletes and filters.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/top_k.h"
#include "support/sections.h"
#include "text/levenshtein.h"
#include "text/phrase_match.h"
#include "text/query_parser.h"
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
      std::vector<std::string> words(1);
      for (const char c : texts_.back()) {
        if (c == ' ') {
          words.emplace_back();
        } else {
          words.back().push_back(c);
        }
      }
      words.pop_back();
      statistics_.documents += 1;
      statistics_.total_length += words.size();
      words_.push_back(std::move(words));
    }
    for (const auto& words : words_) {
      std::vector<std::string> own = words;
      std::sort(own.begin(), own.end());
      own.erase(std::unique(own.begin(), own.end()), own.end());
      for (const std::string& word : own) ++documents_with_[word];
    }
  }

  const std::string& text(Ordinal i) const { return texts_[i]; }

  std::vector<float> scores(const TextQuery& query) const {
    const auto terms = *parse_query(*Analysis::create(kOptions), query, {});
    std::vector<std::pair<float, std::vector<float>>> lists;
    std::vector<bool> matches(kDocuments, true);
    for (const QueryTerm& term : terms) {
      auto list = shares(term);
      for (Ordinal d = 0; d < kDocuments; ++d) {
        if (term.occur == Occur::Must && list.second[d] == 0) matches[d] = false;
        if (term.occur == Occur::MustNot && list.second[d] > 0) matches[d] = false;
      }
      if (term.occur != Occur::MustNot) lists.push_back(std::move(list));
    }
    std::stable_sort(lists.begin(), lists.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<float> total(kDocuments);
    for (Ordinal d = 0; d < kDocuments; ++d) {
      for (const auto& [weight, list] : lists) total[d] += matches[d] ? list[d] : 0.0f;
    }
    return total;
  }

 private:
  float weight(const std::string& word) const {
    const auto found = documents_with_.find(word);
    return found == documents_with_.end() ? 0 : term_weight(1.2f, found->second, statistics_);
  }

  std::pair<float, std::vector<float>> shares(const QueryTerm& term) const {
    const auto norm = length_norm(1.2f, 0.75f, statistics_);
    std::vector<float> out(kDocuments);
    float own = weight(term.term), group = 0, phrase = 0;
    std::map<std::string, float> scales;
    std::uint64_t group_documents = 0;
    for (const auto& [word, documents] : documents_with_) {
      if (!term.prefix.empty() && word.starts_with(term.prefix)) {
        scales[word] = 1;
      } else if (!term.fuzzy.empty()) {
        const auto edits = LevenshteinAutomaton(term.fuzzy, term.edits).distance(word);
        if (edits && *edits > 0)
          scales[word] = 1 - static_cast<float>(*edits) / static_cast<float>(term.fuzzy.size());
      }
      if (scales.contains(word)) group_documents += documents;
    }
    if (group_documents > 0) group = term_weight(1.2f, group_documents, statistics_);
    for (const PhraseWord& word : term.phrase) phrase += weight(word.term);
    for (Ordinal d = 0; d < kDocuments; ++d) {
      const auto length = static_cast<float>(words_[d].size());
      const auto tf = [&](const std::string& word) {
        return static_cast<float>(std::count(words_[d].begin(), words_[d].end(), word));
      };
      if (!term.phrase.empty()) {
        const float frequency = phrase_tf(term, words_[d]);
        if (frequency > 0) out[d] = contribution(phrase, frequency, length, norm);
        continue;
      }
      if (const float own_tf = tf(term.term); own_tf > 0)
        out[d] = contribution(own, own_tf, length, norm);
      for (const auto& [word, scale] : scales) {
        if (const float each = tf(word); each > 0)
          out[d] = std::max(out[d], contribution(group * scale, each, length, norm));
      }
    }
    return {std::max({own, group, phrase}), std::move(out)};
  }

  static float phrase_tf(const QueryTerm& term, const std::vector<std::string>& words) {
    std::vector<std::vector<std::uint32_t>> places;
    const std::uint32_t furthest = term.phrase.back().offset;
    for (const PhraseWord& word : term.phrase) {
      places.emplace_back();
      for (std::uint32_t i = 0; i < words.size(); ++i) {
        if (words[i] == word.term) places.back().push_back(i + furthest - word.offset);
      }
    }
    std::vector<std::size_t> at;
    return phrase_frequency(places, term.slop, at);
  }

  std::vector<std::string> texts_;
  std::vector<std::vector<std::string>> words_;
  std::map<std::string, std::uint64_t> documents_with_;
  Statistics statistics_;
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
        TopK best(query.k);
        for (Ordinal i = 0; i < kDocuments; ++i) {
          if (expected[i] > 0 && (filter == nullptr || filter->test(i)))
            best.push({i, expected[i]});
        }
        EXPECT_EQ(index->search(query)->hits, best.take()) << query.text << " k " << query.k;
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

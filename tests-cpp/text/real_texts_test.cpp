// Every kind of query over descriptions of films, where word frequencies, lengths and spellings are
// real: the index against an oracle that reads each document, in several segments, with deletes and
// filters. Skips where the films are absent.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "support/sections.h"
#include "support/shared_data.h"
#include "support/text_oracle.h"
#include "text/segmented_index.h"

namespace corsac::text {
namespace {

// More than one window and many full blocks.
constexpr const char* kFiles[] = {"movies-1970s.json", "movies-1980s.json", "movies-1990s.json"};

std::vector<std::string> films() {
  std::vector<std::string> texts;
  for (const char* name : kFiles) {
    std::ifstream file(test::shared_data() / "wikipedia-movies" / name, std::ios::binary);
    const std::string json((std::istreambuf_iterator<char>(file)), {});
    const auto parsed = parse_json(json, {.bytes = 1u << 24, .depth = 8, .keys = 1u << 20});
    if (!parsed) return {};
    for (const Json& film : parsed->items()) {
      const Json *title = film.find("title"), *extract = film.find("extract");
      if (title != nullptr && extract != nullptr)
        texts.push_back(title->as_string() + ' ' + extract->as_string());
    }
  }
  return texts;
}

std::vector<TextQuery> every_kind() {
  std::vector<TextQuery> queries;
  const auto strict = [&](std::string_view text) {
    queries.push_back({.text = text, .lenient = false});
    queries.push_back({.text = text, .k = 100, .lenient = false});
  };
  for (const std::string_view text :
       {"\"horror film\"", "\"the film\"", "\"film directed\"~3", "+comedy +drama",
        "+film -american", "+\"science fiction\" -the", "thri* -film", "+star* +war*", "horor~",
        "+directted~ the", "stalone~2 rocky", "-the", "\"by the\" -and", "+robert +william", "café",
        "a.k.a. 9/11"})
    strict(text);
  for (const std::string_view text :
       {"film", "samson", "and the", "american starring", "robert william", "an action film set in",
        "the plot follows a group of friends who", "\"new york\" police", "wo", "silnt"}) {
    for (const Operator op : {Operator::Or, Operator::And}) {
      for (const bool prefix : {false, true}) {
        queries.push_back({.text = text, .op = op, .prefix = prefix});
        queries.push_back({.text = text, .k = 50, .op = op, .prefix = prefix, .fuzzy = 1});
      }
      queries.push_back({.text = text, .op = op, .fuzzy = 2});
    }
  }
  return queries;
}

TEST(RealTexts, AreRankedAsAReadingOfEveryDocument) {
  const std::vector<std::string> texts = films();
  if (texts.empty()) GTEST_SKIP() << "no films at " << test::shared_data();
  test::TextOracle oracle({});
  test::MemorySections sections;
  auto index = *create_text_index({});
  for (Ordinal i = 0; i < texts.size(); ++i) {
    oracle.add(texts[i]);
    index->add(i, texts[i]);
    if (i == 700 || i == 800 || i == 6000) index->save(sections);
  }
  Random random(3);
  Bitset some(texts.size()), few(texts.size());
  std::vector<Ordinal> removed;
  for (Ordinal i = 0; i < texts.size(); ++i) {
    if (random.below(2) == 0) some.set(i);
    if (random.below(100) == 0) few.set(i);
    if (random.below(6) == 0) removed.push_back(i);
  }
  const std::vector<TextQuery> queries = every_kind();
  std::vector<std::vector<float>> scores;
  std::size_t found = 0;
  for (const TextQuery& query : queries) {
    scores.push_back(oracle.scores(query));
    EXPECT_EQ(index->search(query)->hits, test::best_of(scores.back(), query)) << query.text;
    found += index->search(query)->hits.empty() ? 0 : 1;
  }
  EXPECT_GT(found, queries.size() / 2);
  for (const Ordinal i : removed) index->remove(i);
  for (std::size_t q = 0; q < queries.size(); ++q) {
    for (const Ordinal i : removed) scores[q][i] = 0;
    for (const Bitset* allowed : std::initializer_list<const Bitset*>{nullptr, &some, &few}) {
      TextQuery query = queries[q];
      query.allowed = allowed;
      EXPECT_EQ(index->search(query)->hits, test::best_of(scores[q], query)) << query.text;
    }
  }
}

}  // namespace
}  // namespace corsac::text

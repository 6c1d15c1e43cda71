#include "text/query_parser.h"

#include <gtest/gtest.h>

#include <string>

namespace corsac::text {
namespace {

std::string shown(const std::vector<QueryTerm>& terms) {
  std::string out;
  for (const QueryTerm& term : terms) {
    if (!out.empty()) out += ' ';
    out += term.occur == Occur::Must ? "+" : term.occur == Occur::MustNot ? "-" : "";
    if (term.fields != 0) out += std::to_string(term.fields) + ":";
    out += term.term;
    if (!term.prefix.empty()) out += "/" + term.prefix + "*";
    if (!term.fuzzy.empty()) out += "~" + std::to_string(term.edits);
    for (const PhraseWord& word : term.phrase)
      out += "<" + word.term + "@" + std::to_string(word.offset) + ">";
    if (term.slop > 0) out += "~" + std::to_string(term.slop);
  }
  return out;
}

const std::vector<TextField> kFields = {{"title", 2}, {"tags.name", 1}};

std::string parsed(std::string_view text, TextQuery query = {.text = {}}, bool positions = true) {
  const Analysis analysis = *Analysis::create({});
  query.text = text;
  const auto terms = parse_query(analysis, query, {positions, kFields});
  return terms ? shown(*terms) : terms.error().message;
}

std::string strict(std::string_view text, bool positions = true) {
  return parsed(text, {.text = {}, .lenient = false}, positions);
}

TEST(LenientQuery, TakesTextAsText) {
  EXPECT_EQ(parsed("foxes -run +title: x* y~"), "fox run titl x y");
  EXPECT_EQ(parsed("an unclosed \"quote"), "an unclos quot");
  EXPECT_EQ(parsed(""), "");
}

TEST(LenientQuery, AddsAPhraseToTheWordsOfAQuote) {
  EXPECT_EQ(parsed("\"red foxes\" run"), "red fox run <red@0><fox@1>");
  EXPECT_EQ(parsed("\"red\" fox"), "red fox");
  EXPECT_EQ(parsed("\"red fox\"", {.text = {}}, false), "red fox");
  EXPECT_EQ(parsed("\"red fox\" run", {.text = {}, .op = Operator::And}),
            "+red +fox +run <red@0><fox@1>");
}

TEST(LenientQuery, AllowsEditsByLength) {
  EXPECT_EQ(parsed("ox fox jumping b1234x", {.text = {}, .fuzzy = 2}), "ox fox~1 jump~1 b1234x");
  EXPECT_EQ(parsed("silent", {.text = {}, .fuzzy = 2}), "silent~2");
}

TEST(StrictQuery, ReadsEveryClause) {
  EXPECT_EQ(strict("fox +red -dog"), "fox +red -dog");
  EXPECT_EQ(strict("jum* silent~ silent~2 fox~2"), "jum/jum* silent~1 silent~2 fox~1");
  EXPECT_EQ(strict("\"red fox\" +\"red the fox\"~3 -\"a b\""),
            "<red@0><fox@1> +<red@0><the@1><fox@2>~3 -<a@0><b@1>");
  EXPECT_EQ(strict("\"fox\"~2"), "fox");
  EXPECT_EQ(strict("well-known a+b"), "well known a b");
  EXPECT_EQ(strict("  "), "");
}

TEST(StrictQuery, LooksInTheFieldNamed) {
  EXPECT_EQ(strict("+title:fox -tags.name:\"red dog\" content:cat*"),
            "+2:fox -4:<red@0><dog@1> 1:cat/cat*");
}

TEST(StrictQuery, TakesMeaningAwayByABackslash) {
  EXPECT_EQ(strict("\\+fox \\\"red what\\* c\\:d"), "fox red what c:d");
  EXPECT_EQ(strict("\"say \\\"red fox\\\"\""), "<say@0><red@1><fox@2>");
}

TEST(StrictQuery, ExcludesWordsThatBelongTogetherAsAPhrase) {
  EXPECT_EQ(strict("fox -well/known"), "fox -<well@0><known@1>");
  EXPECT_EQ(strict("fox -foo_bar"), "fox -foo_bar");
}

TEST(StrictQuery, PointsAtWhatIsWrong) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"fox \"red", "query, at character 4: the quote is not closed"},
      {"fox +", "query, at character 4: a word or a phrase must follow the sign"},
      {"fox - dog", "query, at character 4: a word or a phrase must follow the sign"},
      {"\xF0\x9F\xA6\x8A *", "query, at character 3: a word must come before this character"},
      {"fox~3", "query, at character 3: 1 or 2 edits must follow the ~"},
      {"fox~0", "query, at character 3: 1 or 2 edits must follow the ~"},
      {"fox\\", "query, at character 3: a character must follow the backslash"},
      {"\"a b\"c", "query, at character 5: a space must follow the phrase"},
      {"\"a b\"~x", "query, at character 6: a slop from 0 to 1000 must follow the ~"},
      {"a cast:fox",
       "query, at character 2: there is no text field 'cast', only content, title, tags.name (a "
       "backslash before the colon makes it text)"},
      {"title:", "query, at character 5: a word or a phrase must follow the field"},
      {"title:a:b",
       "query, at character 7: unexpected ':': a backslash before it takes its meaning away"},
      {"(fox", "query, at character 0: a word must come before this character"},
      {"fo*x",
       "query, at character 3: unexpected 'x': a backslash before it takes its meaning away"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(strict(text), message);
}

TEST(StrictQuery, RefusesPhrasesWithoutPositions) {
  EXPECT_EQ(strict("fox \"red fox\"", false).substr(0, 51),
            "query, at character 4: a phrase needs positions, wh");
  EXPECT_EQ(strict("\"fox\"", false), "fox");
}

TEST(QueryParser, WeighsStopWordsHalfBesideOtherWords) {
  const auto scales = [](const TextOptions& options, const TextQuery& query) {
    std::vector<float> out;
    const auto terms = parse_query(*Analysis::create(options), query, {});
    for (const QueryTerm& term : *terms) out.push_back(term.scale);
    return out;
  };
  using Scales = std::vector<float>;
  EXPECT_EQ(scales({}, {.text = "The fox and the"}), (Scales{0.5f, 1, 0.5f, 0.5f}));
  EXPECT_EQ(scales({}, {.text = "+the fox*", .lenient = false}), (Scales{0.5f, 1}));
  EXPECT_EQ(scales({}, {.text = "the who"}), (Scales{1, 1}));
  EXPECT_EQ(scales({}, {.text = "+the who", .lenient = false}), (Scales{1, 1}));
  EXPECT_EQ(scales({.language = "none"}, {.text = "the fox"}), (Scales{1, 1}));
  EXPECT_EQ(scales({.language = "de"}, {.text = "der Fuchs the"}), (Scales{0.5f, 1, 1}));
  EXPECT_EQ(scales({.stop_words = true}, {.text = "the fox"}), Scales{1});
}

}  // namespace
}  // namespace corsac::text

#include "text/word_break.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "support/shared_data.h"
#include "text/unicode_table.h"

namespace corsac::text {
namespace {

std::vector<std::string> segments(std::string_view text) {
  std::vector<std::string> out;
  WordBreaker breaker(text);
  for (Segment segment; breaker.next(segment);) {
    out.emplace_back(text.substr(segment.start, segment.end - segment.start));
  }
  return out;
}

using Strings = std::vector<std::string>;

TEST(WordBreak, KeepsWordsNumbersAndContractionsTogether) {
  EXPECT_EQ(
      segments("The quick (\"brown\") fox can't jump 32.3 feet, right?"),
      (Strings{"The",   " ", "quick", " ", "(",    "\"", "brown", "\"", ")", " ",     "fox", " ",
               "can't", " ", "jump",  " ", "32.3", " ",  "feet",  ",",  " ", "right", "?"}));
}

TEST(WordBreak, GivesPunctuationBackThatNothingFollows) {
  EXPECT_EQ(segments("end. Next"), (Strings{"end", ".", " ", "Next"}));
  EXPECT_EQ(segments("end."), (Strings{"end", "."}));
  EXPECT_EQ(segments("3,a"), (Strings{"3", ",", "a"}));
  EXPECT_EQ(segments("a.b"), (Strings{"a.b"}));
  EXPECT_EQ(segments("a..b"), (Strings{"a", ".", ".", "b"}));
}

TEST(WordBreak, JoinsIdentifiersByUnderscoresOnly) {
  EXPECT_EQ(segments("foo_bar-baz v1.2.3"), (Strings{"foo_bar", "-", "baz", " ", "v1.2.3"}));
}

TEST(WordBreak, HoldsMarksFlagsAndEmojiSequencesTogether) {
  EXPECT_EQ(segments("e\u0301a"), (Strings{"e\u0301a"}));
  EXPECT_EQ(segments("\U0001F1E6\U0001F1E7\U0001F1E8"),
            (Strings{"\U0001F1E6\U0001F1E7", "\U0001F1E8"}));
  EXPECT_EQ(segments("\U0001F468\u200D\U0001F469!"), (Strings{"\U0001F468\u200D\U0001F469", "!"}));
  EXPECT_EQ(segments("\r\n\r"), (Strings{"\r\n", "\r"}));
}

TEST(WordBreak, CoversMalformedTextWithoutGaps) {
  const std::string text =
      "a\xFF"
      "b\xE2\x82";
  std::string joined;
  for (const std::string& segment : segments(text)) joined += segment;
  EXPECT_EQ(joined, text);
}

TEST(UnicodeTable, KnowsTheEndsOfItsPlanes) {
  EXPECT_EQ(break_class(character_record(U'a')), BreakClass::ALetter);
  EXPECT_NE(character_record(0x3FFFD), 0xFFFF);
  EXPECT_EQ(break_class(character_record(0xE0100)), BreakClass::Extend);
  EXPECT_EQ(break_class(character_record(0xE0001)), BreakClass::Format);
  EXPECT_EQ(character_record(0x10FFFF), 0);
  EXPECT_TRUE((character_record(U'東') & kIdeogram) != 0);
  EXPECT_TRUE((character_record(U'ガ') & kIdeogram) != 0);
  EXPECT_TRUE((character_record(U'한') & kIdeogram) != 0);
  for (char32_t c = 0; c < 128; ++c) EXPECT_EQ(kAsciiRecords[c], character_record(c));
}

// One line of WordBreakTest.txt: code points between the signs for "boundary" and "no boundary".
struct Case {
  std::string text;
  std::vector<std::size_t> boundaries;
};

Case parse(const std::string& line) {
  Case out;
  std::istringstream words(line.substr(0, line.find('#')));
  for (std::string word; words >> word;) {
    if (word == "\u00F7") {
      out.boundaries.push_back(out.text.size());
    } else if (word != "\u00D7") {
      append_utf8(out.text, static_cast<char32_t>(std::stoul(word, nullptr, 16)));
    }
  }
  return out;
}

TEST(WordBreak, PassesEveryLineOfTheOfficialTest) {
  const auto lines =
      test::read_lines(test::shared_data() / "unicode-break-tests" / "WordBreakTest.txt");
  if (lines.empty()) GTEST_SKIP() << "unicode-break-tests is not beside the repository";
  std::size_t cases = 0;
  for (const std::string& line : lines) {
    const Case expected = parse(line);
    if (expected.text.empty()) continue;
    std::vector<std::size_t> boundaries = {0};
    WordBreaker breaker(expected.text);
    for (Segment segment; breaker.next(segment);) boundaries.push_back(segment.end);
    EXPECT_EQ(boundaries, expected.boundaries) << line;
    ++cases;
  }
  EXPECT_GT(cases, 1800u);
}

}  // namespace
}  // namespace corsac::text

#include "text/highlight.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "text/levenshtein.h"
#include "text/term_table.h"

namespace corsac::text {
namespace {

/// Bytes of a text that a query term matches.
struct Range {
  std::uint32_t start;
  std::uint32_t end;
  std::uint32_t term;
};

/// What a query looks for, by term of a text.
class Wanted {
 public:
  explicit Wanted(std::span<const QueryTerm> terms) {
    for (std::uint32_t i = 0; i < terms.size(); ++i) {
      if (terms[i].occur == Occur::MustNot) continue;
      if (!terms[i].prefix.empty()) prefixes_.push_back({terms[i].prefix, i});
      if (!terms[i].fuzzy.empty())
        misspelt_.push_back({LevenshteinAutomaton(terms[i].fuzzy, terms[i].edits), i});
      if (!terms[i].term.empty() && words_.insert(terms[i].term).second) numbers_.push_back(i);
      for (const PhraseWord& word : terms[i].phrase) {
        if (words_.insert(word.term).second) numbers_.push_back(i);
      }
    }
  }
  /// The number of the query term that matches, or kNone.
  std::uint32_t find(std::string_view term) const {
    if (term.empty()) return TermTable::kNone;
    const std::uint32_t word = words_.find(term);
    if (word != TermTable::kNone) return numbers_[word];
    for (const auto& [prefix, number] : prefixes_) {
      if (term.starts_with(prefix)) return number;
    }
    for (const auto& [word_like, number] : misspelt_) {
      if (word_like.distance(term)) return number;
    }
    return TermTable::kNone;
  }

 private:
  TermTable words_;
  std::vector<std::uint32_t> numbers_;  // [words]
  std::vector<std::pair<std::string_view, std::uint32_t>> prefixes_;
  std::vector<std::pair<LevenshteinAutomaton, std::uint32_t>> misspelt_;
};

std::vector<Range> matching_ranges(const Analysis& analysis, std::span<const QueryTerm> terms,
                                   std::string_view content) {
  const Wanted wanted(terms);
  std::vector<Token> tokens;
  analysis.tokens(content, tokens);
  TermTable spellings;  // Each spelling is analysed once.
  std::vector<std::uint32_t> found;
  std::vector<Range> ranges;
  for (const Token& token : tokens) {
    const std::string_view spelling = token.in(content);
    const auto [id, is_new] = spellings.insert(spelling);
    if (is_new) found.push_back(wanted.find(analysis.term(spelling, token.kind)));
    if (found[id] == TermTable::kNone) continue;
    // Tokens ascend by start but for an address, which follows its first words.
    auto at = ranges.end();
    while (at != ranges.begin() && token.start < std::prev(at)->start) --at;
    ranges.insert(at, {token.start, token.end, found[id]});
  }
  return ranges;
}

}  // namespace

std::vector<Highlight> find_highlights(const Analysis& analysis, std::span<const QueryTerm> terms,
                                       std::string_view content) {
  std::vector<Range> merged;
  for (const Range& range : matching_ranges(analysis, terms, content)) {
    if (!merged.empty() && range.start < merged.back().end) {
      merged.back().end = std::max(merged.back().end, range.end);
    } else {
      merged.push_back(range);
    }
  }
  std::vector<Highlight> highlights;
  std::size_t at = 0;
  std::uint32_t units = 0;
  const auto units_to = [&](std::size_t end) {
    while (at < end)
      units += static_cast<std::uint32_t>(utf16_length(next_code_point(content, at)));
    return units;
  };
  for (const Range& range : merged) {
    const std::uint32_t start = units_to(range.start);
    highlights.push_back({start, units_to(range.end), range.term});
  }
  return highlights;
}

}  // namespace corsac::text

#include "text/highlight.h"

#include <algorithm>

#include "base/utf8.h"
#include "text/term_table.h"

namespace corsac::text {
namespace {

struct Range {
  std::uint32_t start;
  std::uint32_t end;
};

std::vector<Range> matching_ranges(const Analysis& analysis, std::span<const QueryTerm> terms,
                                   std::string_view content) {
  TermTable wanted;
  std::string_view prefix;
  for (const QueryTerm& term : terms) {
    if (!term.term.empty()) wanted.insert(term.term);
    if (!term.prefix.empty()) prefix = term.prefix;
  }
  std::vector<Token> tokens;
  analysis.tokens(content, tokens);
  TermTable spellings;  // Each spelling is analysed once.
  std::vector<bool> matches;
  std::vector<Range> ranges;
  for (const Token& token : tokens) {
    const std::string_view spelling = token.in(content);
    const auto [id, is_new] = spellings.insert(spelling);
    if (is_new) {
      const std::string term = analysis.term(spelling, token.kind);
      matches.push_back(!term.empty() && (wanted.find(term) != TermTable::kNone ||
                                          (!prefix.empty() && term.starts_with(prefix))));
    }
    if (matches[id]) ranges.push_back({token.start, token.end});
  }
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const Range& a, const Range& b) { return a.start < b.start; });
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
    highlights.push_back({start, units_to(range.end)});
  }
  return highlights;
}

}  // namespace corsac::text

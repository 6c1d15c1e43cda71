#include "text/query_parser.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "text/levenshtein.h"
#include "text/term_expansion.h"

namespace corsac::text {
namespace {

constexpr std::uint32_t kMostSlop = 1000;

std::size_t code_points_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next_code_point(text, at);
  return count;
}

// A number that is wrong by one digit is another number, not a misspelt one.
void allow_edits(QueryTerm& term, std::uint32_t asked) {
  const bool has_digit =
      std::any_of(term.term.begin(), term.term.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::uint32_t edits = has_digit ? 0 : edits_granted(code_points_of(term.term), asked);
  if (edits == 0) return;
  term.fuzzy = term.term;
  term.edits = static_cast<std::uint8_t>(edits);
}

QueryTerm phrase_of(std::vector<PhraseWord> words, std::uint32_t slop, Occur occur) {
  QueryTerm term;
  if (words.size() == 1) {
    term.term = std::move(words.front().term);
  } else {
    term.phrase = std::move(words);
    term.slop = slop;
  }
  term.occur = occur;
  return term;
}

std::vector<QueryTerm> read_leniently(const Analysis& analysis, const TextQuery& query,
                                      bool has_positions) {
  std::vector<QueryTerm> terms = analysis.query(query.text, query.prefix);
  for (QueryTerm& term : terms) {
    term.occur = query.op == Operator::And ? Occur::Must : Occur::Should;
    if (query.fuzzy > 0) allow_edits(term, query.fuzzy);
  }
  if (!has_positions) return terms;
  for (std::size_t open = query.text.find('"'); open != std::string_view::npos;) {
    const std::size_t close = query.text.find('"', open + 1);
    if (close == std::string_view::npos) break;
    auto words = analysis.phrase(query.text.substr(open + 1, close - open - 1));
    if (words.size() > 1) terms.push_back(phrase_of(std::move(words), 0, Occur::Should));
    open = query.text.find('"', close + 1);
  }
  return terms;
}

// Beside nothing but their like, stop words are what is looked for.
void weigh_stop_words_alone(std::vector<QueryTerm>& terms) {
  const auto is_common = [](const QueryTerm& term) { return term.scale < 1; };
  if (!std::all_of(terms.begin(), terms.end(), is_common)) return;
  for (QueryTerm& term : terms) term.scale = 1;
}

class StrictReader {
 public:
  StrictReader(const Analysis& analysis, const TextQuery& query, const Answerable& answerable)
      : analysis_(analysis), query_(query), text_(query.text), answerable_(answerable) {}

  Result<std::vector<QueryTerm>> run() {
    while (!error_) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (at_ == text_.size()) break;
      read_clause();
    }
    if (error_) return *std::move(error_);
    return std::move(terms_);
  }

 private:
  static bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
  bool at_end() const noexcept { return at_ == text_.size() || is_space(text_[at_]); }

  // The first problem counts; its place is a UTF-16 index, as JavaScript counts.
  void fail(std::size_t byte, std::string what) {
    if (error_) return;
    std::size_t units = 0;
    for (std::size_t at = 0; at < byte;) units += utf16_length(next_code_point(text_, at));
    error_ = Error{ErrorCode::InvalidQuery,
                   "query, at character " + std::to_string(units) + ": " + std::move(what)};
  }

  void read_clause() {
    occur_ = query_.op == Operator::And ? Occur::Must : Occur::Should;
    if (text_[at_] == '+' || text_[at_] == '-') {
      occur_ = text_[at_] == '+' ? Occur::Must : Occur::MustNot;
      const std::size_t sign = at_++;
      if (at_end()) return fail(sign, "a word or a phrase must follow the sign");
    }
    fields_ = 0;
    read_field();
    if (error_) return;
    if (text_[at_] == '"') return read_phrase();
    read_word();
  }

  // `name:` before a clause, when it comes before anything that ends a name.
  void read_field() {
    const std::size_t colon = text_.find_first_of(":()\"*~\\ \t\r\n", at_);
    if (colon == std::string_view::npos || text_[colon] != ':' || colon == at_) return;
    const std::string_view name = text_.substr(at_, colon - at_);
    if (name == "content") {
      fields_ = 1;
    } else {
      for (std::size_t i = 0; i < answerable_.fields.size(); ++i)
        fields_ |= static_cast<std::uint32_t>(answerable_.fields[i].path == name) << (i + 1);
    }
    if (fields_ == 0) {
      std::string known = "content";
      for (const TextField& field : answerable_.fields) known += ", " + field.path;
      return fail(at_, "there is no text field '" + std::string(name) + "', only " + known +
                           " (a backslash before the colon makes it text)");
    }
    at_ = colon + 1;
    if (at_end()) fail(colon, "a word or a phrase must follow the field");
  }

  void push(QueryTerm term) {
    term.fields = fields_;
    terms_.push_back(std::move(term));
  }

  void read_phrase() {
    const std::size_t open = at_++;
    std::string words;
    while (at_ < text_.size() && text_[at_] != '"') take_character(words);
    if (at_ == text_.size()) return fail(open, "the quote is not closed");
    ++at_;
    std::uint32_t slop = 0;
    if (at_ < text_.size() && text_[at_] == '~') {
      const std::optional<std::uint32_t> given = read_number(kMostSlop);
      if (!given) return fail(at_, "a slop from 0 to 1000 must follow the ~");
      slop = *given;
    }
    if (!at_end()) return fail(at_, "a space must follow the phrase");
    std::vector<PhraseWord> phrase = analysis_.phrase(words);
    if (phrase.size() > 1 && !answerable_.positions) {
      return fail(open,
                  "a phrase needs positions, which the collection does not keep "
                  "(text.positions; an older index gets them by compaction)");
    }
    if (!phrase.empty()) push(phrase_of(std::move(phrase), slop, occur_));
  }

  void read_word() {
    const std::size_t start = at_;
    std::string word;
    while (!at_end() && kSpecial.find(text_[at_]) == std::string_view::npos) take_character(word);
    bool prefix = false;
    std::uint32_t edits = 0;
    if (!at_end()) {
      if (word.empty()) return fail(at_, "a word must come before this character");
      if (text_[at_] == '*') {
        prefix = true;
        ++at_;
      } else if (text_[at_] == '~') {
        edits = 1;
        const std::size_t sign = at_;
        if (at_ + 1 < text_.size() && !is_space(text_[at_ + 1])) {
          const std::optional<std::uint32_t> given = read_number(LevenshteinAutomaton::kMostEdits);
          if (!given || *given == 0) return fail(sign, "1 or 2 edits must follow the ~");
          edits = *given;
        } else {
          ++at_;
        }
      }
    }
    if (!at_end()) {
      return fail(at_, std::string("unexpected '") + text_[at_] +
                           "': a backslash before it takes its meaning away");
    }
    add_word(start, word, prefix, edits);
  }

  void add_word(std::size_t start, const std::string& word, bool prefix, std::uint32_t edits) {
    std::vector<QueryTerm> found = analysis_.query(word, prefix);
    // What is excluded is the word, not each of its parts.
    if (occur_ == Occur::MustNot && found.size() > 1 && !prefix) {
      std::vector<PhraseWord> phrase = analysis_.phrase(word);
      if (phrase.size() > 1 && !answerable_.positions)
        return fail(start, "several words cannot be excluded together without positions");
      found.clear();
      if (!phrase.empty()) found.push_back(phrase_of(std::move(phrase), 0, occur_));
    }
    for (QueryTerm& term : found) {
      term.occur = occur_;
      if (edits > 0) allow_edits(term, edits);
      push(std::move(term));
    }
  }

  // One code point, or the one after a backslash.
  void take_character(std::string& out) {
    if (text_[at_] == '\\') {
      if (at_ + 1 == text_.size()) return fail_at_backslash();
      ++at_;
    }
    const std::size_t start = at_;
    next_code_point(text_, at_);
    out += text_.substr(start, at_ - start);
  }
  void fail_at_backslash() {
    fail(at_, "a character must follow the backslash");
    at_ = text_.size();
  }

  // At a ~: the digits after it.
  std::optional<std::uint32_t> read_number(std::uint32_t most) {
    const std::size_t start = ++at_;
    std::uint32_t number = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      number = number * 10 + static_cast<std::uint32_t>(text_[at_++] - '0');
      if (number > most) return std::nullopt;
    }
    return at_ > start ? std::optional(number) : std::nullopt;
  }

  static constexpr std::string_view kSpecial = ":()\"*~";

  const Analysis& analysis_;
  const TextQuery& query_;
  std::string_view text_;
  const Answerable& answerable_;
  std::size_t at_ = 0;
  Occur occur_ = Occur::Should;
  std::uint32_t fields_ = 0;
  std::vector<QueryTerm> terms_;
  std::optional<Error> error_;
};

}  // namespace

Result<std::vector<QueryTerm>> parse_query(const Analysis& analysis, const TextQuery& query,
                                           const Answerable& answerable) {
  Result<std::vector<QueryTerm>> terms = query.lenient
                                             ? read_leniently(analysis, query, answerable.positions)
                                             : StrictReader(analysis, query, answerable).run();
  if (terms) weigh_stop_words_alone(*terms);
  return terms;
}

}  // namespace corsac::text

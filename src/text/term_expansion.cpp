#include "text/term_expansion.h"

#include <algorithm>

#include "base/utf8.h"
#include "text/field_terms.h"
#include "text/levenshtein.h"
#include "text/term_stream.h"

namespace corsac::text {
namespace {

// Walks the terms and the automaton together: where no term with the same start can match, the next
// start that could is sought.
class FuzzyWalk {
 public:
  FuzzyWalk(const LevenshteinAutomaton& automaton, std::string start)
      : automaton_(automaton), start_(std::move(start)), target_(start_) {
    states_.reserve(LevenshteinAutomaton::kLongest);
    ends_.reserve(LevenshteinAutomaton::kLongest);
    states_.push_back(automaton.start());
    ends_.push_back(0);
  }

  /// Whether the automaton survives the term; otherwise target() is where to go on.
  bool read(std::string_view term) {
    const auto differs = std::mismatch(read_.begin(), read_.end(), term.begin(), term.end());
    const auto shared = static_cast<std::size_t>(differs.first - read_.begin());
    while (ends_.back() > shared) pop();
    read_ = term;
    for (std::size_t at = ends_.back(); at < term.size();) {
      const auto byte = static_cast<unsigned char>(term[at]);
      const char32_t code_point = byte < 0x80 ? term[at++] : next_code_point(term, at);
      const LevenshteinAutomaton::State next = automaton_.step(states_.back(), code_point);
      if (!automaton_.is_alive(next)) return find_target(code_point);
      states_.push_back(next);
      ends_.push_back(at);
    }
    return true;
  }

  const LevenshteinAutomaton::State& state() const noexcept { return states_.back(); }
  /// With the start of the field; nothing more: no further term can match.
  const std::string& target() const noexcept { return target_; }

 private:
  void pop() {
    states_.pop_back();
    ends_.pop_back();
  }

  // `dead` after what was read leads nowhere: the least word that could be accepted, or its start
  // where anything may follow.
  bool find_target(char32_t dead) {
    target_.resize(start_.size());
    for (;;) {
      if (const auto next = automaton_.next_alive(states_.back(), dead + 1)) {
        target_.append(read_, 0, ends_.back());
        extend_target(is_surrogate(*next) ? kAfterSurrogates : *next);
        return false;
      }
      if (ends_.size() == 1) return false;
      std::size_t at = ends_[ends_.size() - 2];
      dead = next_code_point(read_, at);
      pop();
    }
  }

  void extend_target(char32_t code_point) {
    LevenshteinAutomaton::State state = states_.back();
    for (std::optional<char32_t> next = code_point; next && *next != 0;) {
      append_utf8(target_, *next);
      state = automaton_.step(state, *next);
      if (automaton_.edits_of(state)) return;
      next = automaton_.next_alive(state, 0);
    }
  }

  static constexpr char32_t kAfterSurrogates = 0xE000;
  static bool is_surrogate(char32_t c) noexcept { return c >= 0xD800 && c < kAfterSurrogates; }

  const LevenshteinAutomaton& automaton_;
  std::vector<LevenshteinAutomaton::State> states_;  // After each code point of read_.
  std::vector<std::size_t> ends_;                    // Where in read_ they end.
  std::string start_;                                // Of the field's terms.
  std::string read_;
  std::string target_;
};

}  // namespace

std::uint32_t edits_granted(std::size_t code_points, std::uint32_t asked) noexcept {
  constexpr std::size_t kForOne = 3, kForTwo = 5;
  const std::uint32_t most = code_points >= kForTwo ? 2 : code_points >= kForOne ? 1 : 0;
  return code_points > LevenshteinAutomaton::kLongest ? 0 : std::min(asked, most);
}

void expand_prefix(const Segment& segment, std::string_view prefix, std::uint32_t field,
                   std::vector<Expansion>& found) {
  const std::string start = field_start(field).append(prefix);
  const std::unique_ptr<TermStream> terms = segment.terms();
  for (bool more = terms->seek(start); more && terms->term().starts_with(start);
       more = terms->next()) {
    const TermPostings postings = terms->postings();
    if (postings.documents > 0) found.push_back({postings, 1});
  }
}

void expand_fuzzy(const Segment& segment, const QueryTerm& term, std::uint32_t field,
                  std::vector<Expansion>& found) {
  const LevenshteinAutomaton automaton(term.fuzzy, term.edits);
  const std::string start = field_start(field);
  FuzzyWalk walk(automaton, start);
  const std::unique_ptr<TermStream> terms = segment.terms();
  for (bool more = terms->seek(first_of_field(field)); more && terms->term().starts_with(start);) {
    const std::string_view word = terms->term().substr(start.size());
    if (!walk.read(word)) {
      more = walk.target().size() > start.size() && terms->seek(walk.target());
      continue;
    }
    const auto distance = automaton.edits_of(walk.state());
    const bool is_completion = !term.prefix.empty() && word.starts_with(term.prefix);
    if (distance && *distance > 0 && !is_completion) {
      const TermPostings postings = terms->postings();
      const float share = static_cast<float>(*distance) / static_cast<float>(automaton.length());
      if (postings.documents > 0) found.push_back({postings, 1 - share});
    }
    more = terms->next();
  }
}

}  // namespace corsac::text

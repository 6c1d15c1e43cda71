#include "text/analysis.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "text/bm25.h"
#include "text/positions.h"
#include "text/stop_words.h"

namespace corsac::text {
namespace {

constexpr std::array<std::string_view, 3> kElisionLanguages = {"ca", "fr", "it"};

std::string joined(const std::vector<std::string_view>& codes) {
  std::string out;
  for (const std::string_view code : codes) {
    out += code;
    out += ", ";
  }
  return out;
}

void cut_term(std::string& term) {
  if (term.size() <= kMaxTermBytes) return;
  std::size_t end = kMaxTermBytes;
  while (end > 0 && (static_cast<unsigned char>(term[end]) & 0xC0) == 0x80) --end;
  term.resize(end);
}

void insert_words(TermTable& table, std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    table.insert(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

}  // namespace

Result<Analysis> Analysis::create(const TextOptions& options) {
  if (const Status valid = check_parameters(options.k1, options.b); !valid) return valid.error();
  if (options.analyzer != Analyzer::Standard && options.analyzer != Analyzer::Simple) {
    return Error{ErrorCode::InvalidArgument,
                 "unknown analyzer " + std::to_string(static_cast<int>(options.analyzer))};
  }
  Analysis analysis(options);
  if (options.analyzer == Analyzer::Simple) return analysis;
  if (options.language != "none" && analysis.stemmer_ == nullptr) {
    return Error{ErrorCode::InvalidArgument, "language '" + options.language +
                                                 "' has no stemmer here, expected one of " +
                                                 joined(Stemmer::languages()) + "auto, none"};
  }
  if (options.stop_words && stop_words(options.language).empty()) {
    return Error{ErrorCode::InvalidArgument,
                 "language '" + options.language + "' has no stop word list, expected one of " +
                     joined(stop_word_languages()) + "or own stop words"};
  }
  return analysis;
}

Analysis::Analysis(const TextOptions& options)
    : analyzer_(options.analyzer),
      fold_accents_(options.fold_accents),
      casing_(options.language == "tr" ? Casing::Turkic : Casing::Default) {
  if (analyzer_ == Analyzer::Simple) {
    insert_words(stop_words_, simple_stop_words());
  } else {
    tokenizer_.elision = std::find(kElisionLanguages.begin(), kElisionLanguages.end(),
                                   options.language) != kElisionLanguages.end();
    stemmer_ = Stemmer::create(options.language);
    insert_words(options.stop_words ? stop_words_ : common_words_, stop_words(options.language));
  }
  for (const std::string& word : options.own_stop_words) stop_words_.insert(fold(word));
}

void Analysis::tokens(std::string_view text, std::vector<Token>& tokens) const {
  if (analyzer_ == Analyzer::Simple) return tokenize_simple(text, tokens);
  tokenize(text, tokenizer_, tokens);
}

std::string Analysis::fold(std::string_view token) const {
  std::string word;
  if (analyzer_ == Analyzer::Simple) {
    append_lower(word, token);
  } else {
    append_folded(word, token, casing_);
  }
  return word;
}

std::string Analysis::term(std::string_view token, TokenKind kind) const {
  std::string word = fold(token);
  if (stop_words_.find(word) != TermTable::kNone) return {};
  if (analyzer_ == Analyzer::Simple) {
    if (word.size() < 2) return {};
  } else {
    cut_term(word);
    if (stemmer_ != nullptr && (kind == TokenKind::Word || kind == TokenKind::Part))
      word = stemmer_->stem(word);
    if (fold_accents_) fold_accents(word);
  }
  cut_term(word);
  return word;
}

std::string Analysis::folded_prefix(std::string_view token) const {
  std::string word = fold(token);
  if (fold_accents_ && analyzer_ == Analyzer::Standard) fold_accents(word);
  cut_term(word);
  return word;
}

std::vector<QueryTerm> Analysis::query(std::string_view text, bool prefix) const {
  std::vector<Token> all;
  tokens(text, all);
  // A run of ideograms is looked up by its pairs.
  std::erase_if(all, [](const Token& token) { return token.kind == TokenKind::Member; });
  const auto is_last = [](const Token& token) {
    return token.kind != TokenKind::Part && token.kind != TokenKind::Address;
  };
  const auto last = std::find_if(all.rbegin(), all.rend(), is_last);

  std::vector<QueryTerm> terms;
  for (const Token& token : all) {
    QueryTerm query_term;
    query_term.term = term(token.in(text), token.kind);
    if (common_words_.find(fold(token.in(text))) != TermTable::kNone)
      query_term.scale = kStopWordScale;
    if (prefix && last != all.rend() && &token == &*last)
      query_term.prefix = folded_prefix(token.in(text));
    if (!query_term.term.empty() || !query_term.prefix.empty())
      terms.push_back(std::move(query_term));
  }
  return terms;
}

std::vector<PhraseWord> Analysis::phrase(std::string_view text) const {
  std::vector<Token> all;
  tokens(text, all);
  std::vector<PhraseWord> words;
  PositionCounter positions;
  for (const Token& token : all) {
    const std::uint32_t offset = positions.next(token.kind);
    // As in query(), a run of ideograms is looked up by its pairs.
    const bool repeats = token.kind == TokenKind::Part || token.kind == TokenKind::Address ||
                         token.kind == TokenKind::Member;
    if (repeats) continue;
    std::string word = term(token.in(text), token.kind);
    if (!word.empty()) words.push_back({std::move(word), offset});
  }
  return words;
}

}  // namespace corsac::text

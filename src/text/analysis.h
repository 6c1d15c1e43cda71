// From text to index terms: the one path that documents, queries and highlights share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/fold.h"
#include "text/query_term.h"
#include "text/stemmer.h"
#include "text/term_table.h"
#include "text/text_index.h"
#include "text/tokenizer.h"

namespace corsac::text {

/// Longer terms are cut at a code point, in documents and queries alike.
inline constexpr std::size_t kMaxTermBytes = 255;

/// Changes whenever equal text could yield other terms; stored with an index.
inline constexpr std::uint16_t kAnalysisVersion = 1;

/// What a stop word of the language that is not dropped weighs in a query beside other words:
/// docs/adr/0026-stop-words-weigh-half.md.
inline constexpr float kStopWordScale = 0.5f;

class Analysis {
 public:
  /// Fails with: InvalidArgument naming the option, its value and what is accepted.
  static Result<Analysis> create(const TextOptions& options);

  void tokens(std::string_view text, std::vector<Token>& tokens) const;

  /// The index term of one token; empty when the token is dropped.
  std::string term(std::string_view token, TokenKind kind) const;

  /// The terms of a query in the order of the text, duplicates included. Stop words that are not
  /// dropped have a scale of kStopWordScale.
  std::vector<QueryTerm> query(std::string_view text, bool prefix) const;

  /// The words of a phrase; fewer than two make none. Parts of words are left out.
  std::vector<PhraseWord> phrase(std::string_view text) const;

 private:
  explicit Analysis(const TextOptions& options);

  std::string fold(std::string_view token) const;
  std::string folded_prefix(std::string_view token) const;

  Analyzer analyzer_;
  bool fold_accents_;
  Casing casing_;
  TokenizerOptions tokenizer_;
  TermTable stop_words_;              // Dropped.
  TermTable common_words_;            // Those of the language that are not.
  std::unique_ptr<Stemmer> stemmer_;  // Null: words stay whole.
};

}  // namespace corsac::text

// What must a text search find? Every document is read and scored by itself, with no index: the
// oracle of the query kinds, on made-up and on real texts.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/top_k.h"
#include "text/analysis.h"
#include "text/levenshtein.h"
#include "text/phrase_match.h"
#include "text/positions.h"
#include "text/query_parser.h"

namespace corsac::test {

class TextOracle {
 public:
  explicit TextOracle(const text::TextOptions& options)
      : analysis_(*text::Analysis::create(options)),
        norm_{options.k1 * (1 - options.b), 0},
        options_(options) {}

  void add(std::string_view content) {
    std::vector<text::Token> tokens;
    analysis_.tokens(content, tokens);
    text::PositionCounter positions;
    std::uint32_t length = 0;
    const auto document = static_cast<Ordinal>(lengths_.size());
    for (const text::Token& token : tokens) {
      const std::uint32_t position = positions.next(token.kind);
      const std::string term = analysis_.term(token.in(content), token.kind);
      if (term.empty()) continue;
      places_[term][document].push_back(position);
      length += text::counts(token.kind) ? 1 : 0;
    }
    lengths_.push_back(static_cast<float>(length));
    statistics_.documents += 1;
    statistics_.total_length += length;
    norm_ = text::length_norm(options_.k1, options_.b, statistics_);
  }

  /// Of every document, 0 where the query does not match.
  std::vector<float> scores(const text::TextQuery& query) const {
    const auto terms = *text::parse_query(analysis_, query, {});
    std::vector<std::pair<float, std::vector<float>>> lists;
    std::vector<bool> matches(lengths_.size(), true);
    for (const text::QueryTerm& term : terms) {
      auto list = shares(term);
      for (std::size_t d = 0; d < lengths_.size(); ++d) {
        if (term.occur == text::Occur::Must && list.second[d] == 0) matches[d] = false;
        if (term.occur == text::Occur::MustNot && list.second[d] > 0) matches[d] = false;
      }
      if (term.occur != text::Occur::MustNot) lists.push_back(std::move(list));
    }
    std::stable_sort(lists.begin(), lists.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<float> total(lengths_.size());
    for (std::size_t d = 0; d < lengths_.size(); ++d) {
      for (const auto& [weight, list] : lists) total[d] += matches[d] ? list[d] : 0.0f;
    }
    return total;
  }

 private:
  using Documents = std::map<Ordinal, std::vector<std::uint32_t>>;  // With the term's places.

  const Documents& documents_of(const std::string& term) const {
    static const Documents none;
    const auto found = places_.find(term);
    return found == places_.end() ? none : found->second;
  }

  float weight(std::uint64_t documents) const {
    return documents == 0 ? 0 : text::term_weight(options_.k1, documents, statistics_);
  }

  // The terms that a prefix or a misspelt word stands for, and what each weighs of their group.
  std::map<std::string, float> scales_of(const text::QueryTerm& term) const {
    std::map<std::string, float> scales;
    if (term.prefix.empty() && term.fuzzy.empty()) return scales;
    const text::LevenshteinAutomaton automaton(term.fuzzy.empty() ? "-" : term.fuzzy,
                                               std::max<std::uint32_t>(term.edits, 1));
    for (const auto& [word, documents] : places_) {
      if (!term.prefix.empty() && word.starts_with(term.prefix)) {
        scales[word] = 1;
      } else if (!term.fuzzy.empty()) {
        const auto edits = automaton.distance(word);
        if (edits && *edits > 0)
          scales[word] = 1 - static_cast<float>(*edits) / static_cast<float>(automaton.length());
      }
    }
    return scales;
  }

  // The most that the term weighs, and its share of each document's score.
  std::pair<float, std::vector<float>> shares(const text::QueryTerm& term) const {
    std::vector<float> out(lengths_.size());
    if (!term.phrase.empty()) return phrase_shares(term, std::move(out));
    const auto raise = [&](const std::string& word, float weight) {
      for (const auto& [document, places] : documents_of(word)) {
        out[document] =
            std::max(out[document], text::contribution(weight, static_cast<float>(places.size()),
                                                       lengths_[document], norm_));
      }
    };
    const std::map<std::string, float> scales = scales_of(term);
    std::uint64_t together = 0;
    for (const auto& [word, scale] : scales) together += documents_of(word).size();
    const float own = weight(documents_of(term.term).size()) * term.scale,
                group = weight(together) * term.scale;
    raise(term.term, own);
    for (const auto& [word, scale] : scales) raise(word, group * scale);
    return {std::max(own, group), std::move(out)};
  }

  std::pair<float, std::vector<float>> phrase_shares(const text::QueryTerm& term,
                                                     std::vector<float> out) const {
    float total = 0;
    for (const text::PhraseWord& word : term.phrase)
      total += weight(documents_of(word.term).size());
    const std::uint32_t furthest = term.phrase.back().offset;
    for (const auto& [document, places] : documents_of(term.phrase.front().term)) {
      std::vector<std::vector<std::uint32_t>> shifted;
      for (const text::PhraseWord& word : term.phrase) {
        const Documents& all = documents_of(word.term);
        const auto own = all.find(document);
        shifted.emplace_back();
        if (own == all.end()) continue;
        for (const std::uint32_t place : own->second)
          shifted.back().push_back(place + furthest - word.offset);
      }
      std::vector<std::size_t> at;
      const float frequency = text::phrase_frequency(shifted, term.slop, at);
      if (frequency > 0)
        out[document] = text::contribution(total, frequency, lengths_[document], norm_);
    }
    return {total, std::move(out)};
  }

  text::Analysis analysis_;
  text::LengthNorm norm_;
  text::TextOptions options_;
  std::map<std::string, Documents> places_;
  std::vector<float> lengths_;
  text::Statistics statistics_;
};

/// The best of a query by their scores, of documents that it allows.
inline std::vector<Hit> best_of(const std::vector<float>& scores, const text::TextQuery& query) {
  TopK best(query.k);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > 0 && (query.allowed == nullptr || query.allowed->test(i)))
      best.push({static_cast<Ordinal>(i), scores[i]});
  }
  return best.take();
}

}  // namespace corsac::test

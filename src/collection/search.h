// A question to a collection and its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/types.h"
#include "filter/predicate.h"
#include "index/vector_index.h"
#include "text/text_index.h"

namespace corsac::collection {

enum class Mode : std::uint8_t { Vector = 0, Text = 1, Hybrid = 2 };
enum class FusionStrategy : std::uint8_t { Dbsf = 0, Rrf = 1, WeightedSum = 2 };

struct Fusion {
  FusionStrategy strategy = FusionStrategy::Dbsf;
  float vector_weight = -1;   ///< negative: dbsf the collection's hybrid weight, else .7
  float keyword_weight = -1;  ///< negative: 1 - vector weight under dbsf, else .3
  float rrf_k = 60;           ///< above 0
};

struct SearchRequest {
  Mode mode = Mode::Vector;
  std::span<const float> vector;             ///< vector and hybrid
  std::string_view text;                     ///< text and hybrid
  std::size_t k = 10;                        ///< 1..10,000
  std::size_t ef = 0;                        ///< 0: by the target, else the collection's
  float target_recall = 0;                   ///< 0: none; below 1: from the calibration
  std::optional<index::RerankStore> rerank;  ///< none, or that of the collection
  std::uint32_t rerank_candidates = 0;       ///< 0: as many as the collection rescores
  std::size_t fetch = 0;                     ///< hybrid: candidates per leg; 0: by k, see query.h
  const filter::Predicate* filter = nullptr;
  text::Operator op = text::Operator::Or;
  bool prefix = false;
  std::uint8_t fuzzy = 0;  ///< edits, 0..2
  bool lenient = true;
  std::uint32_t fields = 0;  ///< as text::TextQuery::fields
  float k1 = -1, b = -1;
  Fusion fusion;
  float min_score = 0;  ///< with has_min_score: hits below are dropped
  bool has_min_score = false;
  bool exact = false;  ///< scan whatever the index
  /// Of an executor. Vector searches of different workers may run at the same time.
  std::size_t worker = 0;
};

struct LegScore {
  float score = 0;
  std::uint32_t rank = 0;  ///< from 1 in the leg's own list; 0: completed, not in the list
  bool present = false;
};

struct ScoredDocument {
  Ordinal ordinal = kNoOrdinal;
  float score = 0;
  LegScore vector, text;
  float vector_share = 0, text_share = 0;  ///< of a hybrid score, which is their sum
};

enum class FilterPath : std::uint8_t { None = 0, Scan = 1, Graph = 2 };

struct SearchResult {
  std::vector<ScoredDocument> hits;  ///< best first, ties by ordinal
  Mode mode = Mode::Vector;
  bool exact = false;
  FilterPath filter = FilterPath::None;
  std::uint64_t examined = 0;
};

}  // namespace corsac::collection

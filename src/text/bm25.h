// How well does a word's occurrence speak for a document? BM25 (Robertson & Zaragoza, "The
// Probabilistic Relevance Framework: BM25 and Beyond", FnTIR 2009) with Lucene's idf, in one fixed
// order of f32 operations, so that every path through the index computes the same bits.
#pragma once

#include <cstdint>

#include "base/log.h"
#include "base/result.h"

namespace corsac::text {

/// Lengths are stored in 16 bits; longer documents count as this long.
inline constexpr std::uint32_t kMaxLength = 65'535;

/// Numbers of a whole collection. Requires: documents > 0 for all uses below.
struct Statistics {
  std::uint64_t documents = 0;
  std::uint64_t total_length = 0;  ///< sum of the documents' lengths in tokens
};

/// k1 (1 - b + b dl / avgdl) = base + slope * dl.
struct LengthNorm {
  float base = 0;
  float slope = 0;
};

inline LengthNorm length_norm(float k1, float b, const Statistics& statistics) noexcept {
  const double average =
      static_cast<double>(statistics.total_length) / static_cast<double>(statistics.documents);
  return {k1 * (1 - b),
          average > 0 ? static_cast<float>(static_cast<double>(k1 * b) / average) : 0.0f};
}

/// ln(1 + (N - df + 0.5) / (df + 0.5)) (k1 + 1). Requires: 0 < documents_with_term.
inline float term_weight(float k1, std::uint64_t documents_with_term,
                         const Statistics& statistics) noexcept {
  const auto n = static_cast<double>(statistics.documents);
  // A term of a prefix may be counted in more documents than there are.
  const double df =
      documents_with_term < statistics.documents ? static_cast<double>(documents_with_term) : n;
  return static_cast<float>(natural_log(1 + (n - df + 0.5) / (df + 0.5))) * (k1 + 1);
}

/// One term's share of a document's score; positive whenever tf is.
inline float contribution(float weight, float tf, float length, LengthNorm norm) noexcept {
  return weight * tf / (tf + (norm.base + norm.slope * length));
}

/// Fails with: InvalidArgument unless k1 is in 0..10 and b in 0..1.
Status check_parameters(float k1, float b);

}  // namespace corsac::text

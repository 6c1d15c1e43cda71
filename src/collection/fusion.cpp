#include "collection/fusion.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/json.h"

namespace corsac::collection {
namespace {

constexpr double kEpsilon = std::numeric_limits<float>::epsilon();
constexpr float kMaxWeight = 1e6f;

/// The share of one leg: a function of its statistics and one document's place in it.
class Leg {
 public:
  Leg(const Fusion& fusion, const LegStatistics& statistics, double weight,
      double absent_score) noexcept
      : strategy_(fusion.strategy),
        k_(double{fusion.rrf_k}),
        statistics_(statistics),
        weight_(weight),
        absent_(absent_score) {}

  double operator()(const LegScore& leg) const noexcept {
    if (statistics_.count == 0) return 0;
    return weight_ * (strategy_ == FusionStrategy::Rrf
                          ? by_rank(leg)
                          : by_score(leg.present ? double{leg.score} : absent_));
  }

 private:
  double by_rank(const LegScore& leg) const noexcept {
    const double rank = leg.rank > 0 ? leg.rank : static_cast<double>(statistics_.count) + 1;
    return 1 / (k_ + rank);
  }
  double by_score(double score) const noexcept {
    if (strategy_ == FusionStrategy::Dbsf) {
      if (statistics_.sigma < kEpsilon) return 0.5;
      return (score - (statistics_.mean - 3 * statistics_.sigma)) / (6 * statistics_.sigma);
    }
    const double range = statistics_.max - statistics_.min;
    return range <= kEpsilon ? 1.0 : (score - statistics_.min) / range;
  }

  FusionStrategy strategy_;
  double k_;
  const LegStatistics& statistics_;
  double weight_;
  double absent_;
};

Error bad(std::string_view name, float value, std::string_view accepted) {
  const std::string shown = std::isfinite(value) ? write_json(Json::number(double{value}))
                            : std::isnan(value)  ? "NaN"
                                                 : "infinity";
  return {ErrorCode::InvalidArgument,
          "fusion." + std::string(name) + " must be " + std::string(accepted) + ", got " + shown};
}

}  // namespace

LegStatistics statistics(std::span<const Hit> hits) noexcept {
  LegStatistics out;
  if (hits.empty()) return out;
  out.count = hits.size();
  out.min = out.max = double{hits.front().score};
  double sum = 0;
  for (const Hit& hit : hits) {
    out.min = std::min(out.min, double{hit.score});
    out.max = std::max(out.max, double{hit.score});
    sum += double{hit.score};
  }
  out.mean = sum / static_cast<double>(out.count);
  double squares = 0;
  for (const Hit& hit : hits)
    squares += (double{hit.score} - out.mean) * (double{hit.score} - out.mean);
  out.sigma = std::sqrt(squares / static_cast<double>(out.count));
  return out;
}

Result<Fusion> resolve(const Fusion& asked, float hybrid_weight) {
  Fusion out = asked;
  const bool dbsf = out.strategy == FusionStrategy::Dbsf;
  if (out.vector_weight < 0) out.vector_weight = dbsf ? hybrid_weight : 0.7f;
  if (out.keyword_weight < 0)
    out.keyword_weight = dbsf ? std::max(0.0f, 1 - out.vector_weight) : 0.3f;
  if (!(out.vector_weight <= kMaxWeight))
    return bad("vectorWeight", asked.vector_weight, "a number from 0 to 1000000");
  if (!(out.keyword_weight <= kMaxWeight))
    return bad("keywordWeight", asked.keyword_weight, "a number from 0 to 1000000");
  if (!(out.rrf_k > 0 && out.rrf_k <= kMaxWeight))
    return bad("rrfK", asked.rrf_k, "a number above 0, at most 1000000");
  if (out.vector_weight == 0 && out.keyword_weight == 0) {
    return Error{ErrorCode::InvalidArgument,
                 "fusion.vectorWeight and fusion.keywordWeight must not both be 0"};
  }
  return out;
}

void fuse(const Fusion& fusion, const LegStatistics& vector, const LegStatistics& text,
          std::span<ScoredDocument> candidates) noexcept {
  double worst_vector = vector.min;
  for (const ScoredDocument& candidate : candidates) {
    if (candidate.vector.present)
      worst_vector = std::min(worst_vector, double{candidate.vector.score});
  }
  const Leg vector_leg(fusion, vector, double{fusion.vector_weight}, worst_vector);
  const Leg text_leg(fusion, text, double{fusion.keyword_weight}, 0);
  for (ScoredDocument& candidate : candidates) {
    const double of_vector = vector_leg(candidate.vector);
    const double of_text = text_leg(candidate.text);
    candidate.vector_share = static_cast<float>(of_vector);
    candidate.text_share = static_cast<float>(of_text);
    candidate.score = static_cast<float>(of_vector + of_text);
  }
}

}  // namespace corsac::collection

#include "text/segmented_index.h"

#include <algorithm>
#include <cassert>

#include "text/highlight.h"
#include "text/searcher.h"

namespace corsac::text {
namespace {

constexpr std::size_t kMaxQueryBytes = 1u << 20;

Status check(const TextQuery& query) {
  if (query.k > kMaxK) {
    return Error{ErrorCode::InvalidArgument,
                 "k must be at most " + std::to_string(kMaxK) + ", got " + std::to_string(query.k)};
  }
  if (query.text.size() > kMaxQueryBytes) {
    return Error{ErrorCode::InvalidQuery, "a text query may have " + std::to_string(kMaxQueryBytes) + " bytes, got " +
                                              std::to_string(query.text.size())};
  }
  return check_parameters(query.k1 < 0 ? 0.0f : query.k1, query.b < 0 ? 0.0f : query.b);
}

}  // namespace

SegmentedIndex::SegmentedIndex(const TextOptions& options, Analysis analysis)
    : options_(options), analysis_(std::move(analysis)), growing_(0) {}

void SegmentedIndex::add(Ordinal ordinal, std::string_view content) {
  assert(ordinal >= size());
  deleted_.resize(ordinal + 1);
  growing_.add(ordinal, content, analysis_);
}

void SegmentedIndex::remove(Ordinal ordinal) {
  if (ordinal < deleted_.size()) deleted_.set(ordinal);
}

QueryPlan SegmentedIndex::plan(const TextQuery& query) const {
  std::vector<const Segment*> segments;
  segments.push_back(&growing_);
  const Ranking ranking{query.k1 < 0 ? options_.k1 : query.k1, query.b < 0 ? options_.b : query.b,
                        query.op == Operator::And};
  return plan_query(analysis_.query(query.text, query.prefix), segments, ranking);
}

Result<TextResult> SegmentedIndex::search(const TextQuery& query) const {
  if (const Status valid = check(query); !valid) return valid.error();
  TextResult result;
  if (query.k == 0) return result;
  TopK best(query.k);
  result.examined = text::search(plan(query), {query.allowed, &deleted_}, best);
  result.hits = best.take();
  return result;
}

void SegmentedIndex::score(const TextQuery& query, std::span<const Ordinal> ordinals, std::span<float> scores) const {
  score_documents(plan(query), ordinals, scores);
  for (std::size_t i = 0; i < ordinals.size(); ++i) {
    if (ordinals[i] < deleted_.size() && deleted_.test(ordinals[i])) scores[i] = 0;
  }
}

std::vector<Highlight> SegmentedIndex::highlight(const TextQuery& query, std::string_view content) const {
  return find_highlights(analysis_, analysis_.query(query.text, query.prefix), content);
}

void SegmentedIndex::save(SectionSink&) {}

TextBytes SegmentedIndex::bytes() const noexcept {
  return {growing_.dictionary_bytes(), growing_.posting_bytes(), 2ull * growing_.span()};
}

}  // namespace corsac::text

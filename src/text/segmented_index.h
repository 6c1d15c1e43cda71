// The text index: immutable segments, one mutable segment after them, and a bitmap of what was removed.
// Segments cover disjoint, ascending ranges of ordinals; a merge joins neighbours.
#pragma once

#include <memory>
#include <vector>

#include "text/analysis.h"
#include "text/mutable_segment.h"
#include "text/query_plan.h"

namespace corsac::text {

class SegmentedIndex final : public TextIndex {
 public:
  SegmentedIndex(const TextOptions& options, Analysis analysis);

  const TextOptions& options() const noexcept override { return options_; }
  std::size_t size() const noexcept override { return deleted_.size(); }
  void add(Ordinal ordinal, std::string_view content) override;
  void remove(Ordinal ordinal) override;
  Result<TextResult> search(const TextQuery& query) const override;
  void score(const TextQuery& query, std::span<const Ordinal> ordinals, std::span<float> scores) const override;
  std::vector<Highlight> highlight(const TextQuery& query, std::string_view content) const override;
  void save(SectionSink& sink) override;
  TextBytes bytes() const noexcept override;

 private:
  QueryPlan plan(const TextQuery& query) const;

  TextOptions options_;
  Analysis analysis_;
  MutableSegment growing_;
  Bitset deleted_;  // [size]
};

}  // namespace corsac::text

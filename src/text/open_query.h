// A planned query opened in one segment: cursors over its lists, and what a document must have.
#pragma once

#include <memory>
#include <vector>

#include "text/query_plan.h"
#include "text/scored_cursor.h"

namespace corsac::text {

class OpenQuery {
 public:
  struct List {
    ScoredCursor cursor;
    std::uint32_t clause;
    bool required;
    std::uint32_t documents;  ///< an upper bound
    float highest;            ///< no share is larger
  };

  OpenQuery(const QueryPlan& plan, const SegmentPlan& part);

  const Segment& segment() const noexcept { return segment_; }
  /// Those that score and have a posting here, in the order of summation.
  std::vector<List>& lists() noexcept { return lists_; }
  bool has_required() const noexcept { return !required_.empty(); }
  /// Whether no document here can match.
  bool is_impossible() const noexcept { return impossible_ || lists_.empty(); }
  /// Whether the document holds what the query excludes. Requires: documents ascend.
  bool is_excluded(std::uint32_t document) noexcept;
  /// The document's score, 0 unless it matches. Requires: documents ascend.
  float score(std::uint32_t document) noexcept;
  std::uint64_t examined() const noexcept;

 private:
  void open(const ListPlan& list, const SegmentList& found, Occur occur, LengthNorm norm);
  ScoredDocuments best_of(const ListPlan& list, const SegmentList& found, LengthNorm norm,
                          LengthView lengths);
  ScoredDocuments standing_together(const ListPlan& list, const SegmentList& found, LengthNorm norm,
                                    LengthView lengths);
  bool has_all_required(std::uint32_t document) noexcept;

  const Segment& segment_;
  std::vector<List> lists_;
  std::vector<ScoredCursor> excluded_;
  std::vector<std::unique_ptr<ScoredDocuments>> made_;  // At addresses that stay.
  std::vector<std::uint32_t> required_;                 // Clauses.
  bool impossible_ = false;
  std::uint64_t examined_ = 0;  // While lists were made.
};

}  // namespace corsac::text

// The text index: immutable segments, one mutable segment after them, and a bitmap of what was
// removed. Segments cover disjoint, ascending ranges of ordinals; a merge joins neighbours.
#pragma once

#include <memory>
#include <vector>

#include "text/analysis.h"
#include "text/mutable_segment.h"
#include "text/query_plan.h"
#include "text/sealed_segment.h"

namespace corsac::text {

class SegmentedIndex final : public TextIndex {
 public:
  SegmentedIndex(const TextOptions& options, Analysis analysis);
  /// Fails with: Corrupt, UnsupportedFormat.
  static Result<std::unique_ptr<SegmentedIndex>> load(const TextOptions& options, Analysis analysis,
                                                      const SectionSource& source);

  const TextOptions& options() const noexcept override { return options_; }
  std::size_t size() const noexcept override { return deleted_.size(); }
  using TextIndex::add;
  void add(Ordinal ordinal, std::span<const FieldText> texts) override;
  void remove(Ordinal ordinal) override;
  Result<TextResult> search(const TextQuery& query) const override;
  void score(const TextQuery& query, std::span<const Ordinal> ordinals,
             std::span<float> scores) const override;
  std::vector<Highlight> highlight(const TextQuery& query, std::string_view content) const override;
  std::vector<float> rarities(const TextQuery& query) const override;
  std::vector<TermCount> completions(std::string_view text) const override;
  std::vector<Ordinal> documents_with(std::string_view term, std::size_t limit) const override;
  std::string term_of(std::string_view word) const override;
  void save(SectionSink& sink) override;
  TextBytes bytes() const noexcept override;

  std::size_t sealed_count() const noexcept { return sealed_.size(); }

 private:
  struct Sealed {
    std::uint64_t key;
    bool saved;
    std::unique_ptr<SealedSegment> segment;
  };

  Result<QueryPlan> plan(const TextQuery& query) const;
  bool has_positions() const noexcept;
  std::vector<const Segment*> segments() const;
  MutableSegment empty_segment() const {
    return MutableSegment(options_.positions, static_cast<std::uint32_t>(options_.fields.size()));
  }
  void seal();
  void merge();
  void replace(std::size_t from, std::size_t count);
  bool is_mostly_deleted(const SealedSegment& segment) const;

  TextOptions options_;
  Analysis analysis_;
  std::vector<Sealed> sealed_;
  MutableSegment growing_;
  Bitset deleted_;                      // [size]
  std::vector<std::uint64_t> dropped_;  // Keys of saved segments that a merge made superfluous.
  std::uint64_t next_key_ = 1;
  bool changed_ = false;  // Since the last save.
};

}  // namespace corsac::text

#include "text/segmented_index.h"

#include <algorithm>
#include <cassert>

#include "text/completion.h"
#include "text/highlight.h"
#include "text/levenshtein.h"
#include "text/query_parser.h"
#include "text/searcher.h"
#include "text/segment_merge.h"
#include "text/text_meta.h"

namespace corsac::text {
namespace {

constexpr std::size_t kMaxQueryBytes = 1u << 20;
// The growing segment takes 8 bytes a posting: at most about 16 MiB with its slack.
constexpr std::uint64_t kMaxGrowingPostings = 1u << 20;

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "text index: " + std::move(what)}; }

Status check(const TextQuery& query) {
  if (query.k > kMaxK) {
    return Error{ErrorCode::InvalidArgument,
                 "k must be at most " + std::to_string(kMaxK) + ", got " + std::to_string(query.k)};
  }
  if (query.text.size() > kMaxQueryBytes) {
    return Error{ErrorCode::InvalidQuery, "a text query may have " +
                                              std::to_string(kMaxQueryBytes) + " bytes, got " +
                                              std::to_string(query.text.size())};
  }
  if (query.fuzzy > LevenshteinAutomaton::kMostEdits) {
    return Error{ErrorCode::InvalidArgument,
                 "fuzzy must be at most 2, got " + std::to_string(int{query.fuzzy})};
  }
  return check_parameters(query.k1 < 0 ? 0.0f : query.k1, query.b < 0 ? 0.0f : query.b);
}

}  // namespace

SegmentedIndex::SegmentedIndex(const TextOptions& options, Analysis analysis)
    : options_(options), analysis_(std::move(analysis)), growing_(empty_segment()) {}

Result<std::unique_ptr<SegmentedIndex>> SegmentedIndex::load(const TextOptions& options,
                                                             Analysis analysis,
                                                             const SectionSource& source) {
  auto index = std::make_unique<SegmentedIndex>(options, std::move(analysis));
  const ByteView stored = source.section(SectionId::TextMeta);
  const std::vector<SegmentView> segments = source.segments(SectionId::TextSegments);
  if (stored.empty() && segments.empty()) return index;
  Result<TextMeta> meta = decode_text_meta(stored, options);
  if (!meta) return meta.error();
  if (meta->segments.size() != segments.size()) {
    return corrupt("expected " + std::to_string(meta->segments.size()) + " segments, got " +
                   std::to_string(segments.size()));
  }
  for (const SegmentRef& ref : meta->segments) {
    const auto view = std::find_if(segments.begin(), segments.end(),
                                   [&](const SegmentView& v) { return v.key == ref.key; });
    if (view == segments.end())
      return corrupt("segment " + std::to_string(ref.key) + " is missing");
    auto segment = SealedSegment::open(Bytes(view->bytes.begin(), view->bytes.end()));
    if (!segment) return segment.error();
    if ((*segment)->first() != ref.first || (*segment)->span() != ref.span) {
      return corrupt("segment " + std::to_string(ref.key) +
                     " is not the one that its description names");
    }
    index->sealed_.push_back({ref.key, true, *std::move(segment)});
  }
  index->deleted_ = std::move(meta->deleted);
  index->next_key_ = meta->next_key;
  return index;
}

void SegmentedIndex::add(Ordinal ordinal, std::span<const FieldText> texts) {
  assert(ordinal >= size());
  deleted_.resize(static_cast<std::size_t>(ordinal) + 1);
  growing_.add(ordinal, texts, analysis_);
  changed_ = true;
  if (growing_.posting_count() >= kMaxGrowingPostings) seal();
}

void SegmentedIndex::remove(Ordinal ordinal) {
  if (ordinal >= deleted_.size()) return;
  deleted_.set(ordinal);
  changed_ = true;
}

void SegmentedIndex::seal() {
  const Segment* growing = &growing_;
  if (growing->span() == 0) return;
  Bytes bytes = merge_segments(std::span(&growing, 1), deleted_);
  growing_ = empty_segment();
  if (bytes.empty()) return;
  auto segment = SealedSegment::open(std::move(bytes));
  assert(segment.has_value());
  sealed_.push_back({next_key_++, false, *std::move(segment)});
}

// Segments [from, from + count) become one, or none when all of their documents are removed.
void SegmentedIndex::replace(std::size_t from, std::size_t count) {
  const auto begin = sealed_.begin() + static_cast<std::ptrdiff_t>(from),
             end = begin + static_cast<std::ptrdiff_t>(count);
  std::vector<const Segment*> segments;
  for (auto at = begin; at != end; ++at) {
    segments.push_back(at->segment.get());
    if (at->saved) dropped_.push_back(at->key);
  }
  Bytes bytes = merge_segments(segments, deleted_);
  if (bytes.empty()) {
    sealed_.erase(begin, end);
    return;
  }
  auto merged = SealedSegment::open(std::move(bytes));
  assert(merged.has_value());
  *begin = {next_key_++, false, *std::move(merged)};
  sealed_.erase(begin + 1, end);
}

bool SegmentedIndex::is_mostly_deleted(const SealedSegment& segment) const {
  std::size_t deleted = 0;
  segment.present().for_each(
      [&](std::size_t document) { deleted += deleted_.test(segment.first() + document) ? 1 : 0; });
  return 10 * deleted > 3 * segment.statistics(0).documents;
}

void SegmentedIndex::merge() {
  for (std::size_t i = sealed_.size(); i-- > 0;) {
    if (is_mostly_deleted(*sealed_[i].segment)) replace(i, 1);
  }
  for (;;) {
    std::vector<std::uint64_t> sizes;
    for (const Sealed& sealed : sealed_) sizes.push_back(sealed.segment->bytes().size());
    const std::optional<std::size_t> first = first_to_merge(sizes);
    if (!first) return;
    replace(*first, sealed_.size() - *first);
  }
}

void SegmentedIndex::save(SectionSink& sink) {
  if (!changed_) return;
  seal();
  merge();
  TextMeta meta{next_key_, {}, deleted_};
  for (Sealed& sealed : sealed_) {
    meta.segments.push_back({sealed.key, sealed.segment->first(), sealed.segment->span()});
    if (!sealed.saved)
      sink.add_segment(SectionId::TextSegments, sealed.key, sealed.segment->bytes());
    sealed.saved = true;
  }
  for (const std::uint64_t key : dropped_) sink.drop_segment(SectionId::TextSegments, key);
  dropped_.clear();
  sink.replace(SectionId::TextMeta, encode(meta, options_));
  changed_ = false;
}

std::vector<const Segment*> SegmentedIndex::segments() const {
  std::vector<const Segment*> out;
  for (const Sealed& sealed : sealed_) out.push_back(sealed.segment.get());
  if (growing_.span() > 0) out.push_back(&growing_);
  return out;
}

// Segments of before positions were kept stay without until the collection is compacted.
bool SegmentedIndex::has_positions() const noexcept {
  return options_.positions &&
         std::all_of(sealed_.begin(), sealed_.end(),
                     [](const Sealed& sealed) { return sealed.segment->has_positions(); });
}

Result<QueryPlan> SegmentedIndex::plan(const TextQuery& query) const {
  const Result<std::vector<QueryTerm>> terms =
      parse_query(analysis_, query, {has_positions(), options_.fields});
  if (!terms) return terms.error();
  const Ranking ranking{query.k1 < 0 ? options_.k1 : query.k1, query.b < 0 ? options_.b : query.b,
                        options_.fields, query.fields};
  return plan_query(*terms, segments(), ranking);
}

Result<TextResult> SegmentedIndex::search(const TextQuery& query) const {
  if (const Status valid = check(query); !valid) return valid.error();
  TextResult result;
  if (query.k == 0) return result;
  const Result<QueryPlan> planned = plan(query);
  if (!planned) return planned.error();
  TopK best(query.k);
  result.examined = text::search(*planned, {query.allowed, &deleted_}, best);
  result.hits = best.take();
  return result;
}

void SegmentedIndex::score(const TextQuery& query, std::span<const Ordinal> ordinals,
                           std::span<float> scores) const {
  std::fill(scores.begin(), scores.end(), 0.0f);
  const Result<QueryPlan> planned = plan(query);
  if (!planned) return;
  score_documents(*planned, ordinals, scores);
  for (std::size_t i = 0; i < ordinals.size(); ++i) {
    if (ordinals[i] < deleted_.size() && deleted_.test(ordinals[i])) scores[i] = 0;
  }
}

std::vector<Highlight> SegmentedIndex::highlight(const TextQuery& query,
                                                 std::string_view content) const {
  const Result<std::vector<QueryTerm>> terms =
      parse_query(analysis_, query, {true, options_.fields});
  return terms ? find_highlights(analysis_, *terms, content) : std::vector<Highlight>();
}

std::vector<float> SegmentedIndex::rarities(const TextQuery& query) const {
  std::vector<float> out;
  const Result<std::vector<QueryTerm>> terms =
      parse_query(analysis_, query, {true, options_.fields});
  if (!terms) return out;
  const std::vector<const Segment*> from = segments();
  for (const QueryTerm& term : *terms) {
    Statistics statistics;
    std::uint64_t documents = 0;
    for (const Segment* segment : from) {
      statistics.documents += segment->statistics(0).documents;
      documents += segment->find(term.term).documents;
    }
    out.push_back(documents == 0 ? 1 : term_weight(0, documents, statistics));
  }
  return out;
}

std::vector<TermCount> SegmentedIndex::completions(std::string_view text) const {
  const std::vector<QueryTerm> terms = analysis_.query(text, true);
  if (terms.empty() || terms.back().prefix.empty()) return {};
  return terms_with(terms.back().prefix, segments());
}

std::vector<Ordinal> SegmentedIndex::documents_with(std::string_view term,
                                                    std::size_t limit) const {
  return text::documents_with(term, segments(), deleted_, limit);
}

std::string SegmentedIndex::term_of(std::string_view word) const {
  const std::vector<QueryTerm> terms = analysis_.query(word, false);
  return terms.empty() ? std::string() : terms.front().term;
}

TextBytes SegmentedIndex::bytes() const noexcept {
  TextBytes total{growing_.dictionary_bytes(), growing_.posting_bytes(), growing_.position_bytes(),
                  2ull * growing_.span()};
  for (const Sealed& sealed : sealed_) {
    const SealedSegment& segment = *sealed.segment;
    const std::uint64_t lengths = 2ull * segment.span() + segment.span() / 8;
    total.lengths += lengths;
    total.postings += segment.posting_bytes();
    total.positions += segment.position_bytes();
    total.dictionary +=
        segment.bytes().size() - segment.posting_bytes() - segment.position_bytes() - lengths;
  }
  return total;
}

}  // namespace corsac::text

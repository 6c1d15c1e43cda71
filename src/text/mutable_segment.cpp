#include "text/mutable_segment.h"

#include <algorithm>
#include <cassert>

#include "base/sort.h"
#include "text/field_terms.h"
#include "text/term_stream.h"

namespace corsac::text {
namespace {

constexpr std::uint32_t kFirstChunk = 2, kLargestChunk = 256;
constexpr std::size_t kMaxSpellingBytes = 16u << 20;

class GrowingTerms final : public TermStream {
 public:
  GrowingTerms(const MutableSegment& segment, const std::vector<std::uint32_t>& sorted) noexcept
      : segment_(segment), sorted_(sorted) {}

  bool next() override { return at_++ < sorted_.size(); }
  bool seek(std::string_view term) override {
    const auto found = std::lower_bound(
        sorted_.begin(), sorted_.end(), term,
        [this](std::uint32_t id, std::string_view text) { return segment_.term(id) < text; });
    at_ = static_cast<std::size_t>(found - sorted_.begin());
    return next();
  }
  void append_positions(Bytes& out) const override {
    segment_.append_positions(sorted_[at_ - 1], out);
  }
  std::string_view term() const noexcept override { return segment_.term(sorted_[at_ - 1]); }
  TermPostings postings() const override { return segment_.postings(sorted_[at_ - 1]); }

 private:
  const MutableSegment& segment_;
  const std::vector<std::uint32_t>& sorted_;
  std::size_t at_ = 0;
};

}  // namespace

void MutableSegment::add(Ordinal ordinal, std::span<const FieldText> texts,
                         const Analysis& analysis) {
  if (span() == 0) first_ = ordinal;
  assert(ordinal >= first_ && ordinal - first_ >= span());
  const std::uint32_t document = ordinal - first_;
  if (spellings_.memory_bytes() > kMaxSpellingBytes) {
    spellings_.clear();
    term_of_spelling_.clear();
  }
  for (Field& field : fields_) field.lengths.resize(document + 1);
  PositionCounter positions;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Field& field = fields_[texts[i].field];
    if (i > 0 && texts[i].field != texts[i - 1].field) positions = PositionCounter();
    const std::uint32_t length = add_text(document, texts[i], positions, analysis);
    positions.leave_gap();
    std::uint16_t& total = field.lengths[document];
    const std::uint32_t grown = std::min(total + length, kMaxLength);
    field.statistics.total_length += grown - total;
    if (texts[i].field > 0 && total == 0 && grown > 0) ++field.statistics.documents;
    total = static_cast<std::uint16_t>(grown);
  }
  present_.resize(document + 1);
  present_.set(document);
  ++fields_.front().statistics.documents;
}

std::uint32_t MutableSegment::add_text(std::uint32_t document, const FieldText& text,
                                       PositionCounter& positions, const Analysis& analysis) {
  analysis.tokens(text.text, tokens_);
  std::uint32_t length = 0;
  for (const Token& token : tokens_) {
    const std::uint32_t position = positions.next(token.kind);
    const std::uint32_t term = term_of(token.in(text.text), token.kind, text.field, analysis);
    if (term == TermTable::kNone) continue;
    count(term, document, position);
    if (counts(token.kind)) ++length;
  }
  return length;
}

std::uint32_t MutableSegment::term_of(std::string_view token, TokenKind kind, std::uint32_t field,
                                      const Analysis& analysis) {
  if (field > 0) {
    spelling_ = field_start(field);
    spelling_ += token;
  }
  const auto [spelling, is_new] = spellings_.insert(field > 0 ? spelling_ : token);
  if (!is_new) return term_of_spelling_[spelling];
  const std::string text = analysis.term(token, kind);
  std::uint32_t term = TermTable::kNone;
  if (!text.empty()) {
    term = terms_.insert(field > 0 ? field_start(field) + text : text).first;
    if (term == lists_.size()) lists_.emplace_back();
  }
  term_of_spelling_.push_back(term);
  return term;
}

void MutableSegment::count(std::uint32_t term, std::uint32_t document, std::uint32_t position) {
  List& list = lists_[term];
  if (has_positions_) {
    const std::uint32_t before = list.last == document ? list.last_position : 0;
    positions_.append(list.positions, position - before);
    list.last_position = position;
  }
  // extend() is always followed by a posting, so the last one stands right before the tail.
  if (list.last == document) {
    ++pool_[list.tail - 1].frequency;
    return;
  }
  if (list.tail == list.link) extend(list);
  pool_[list.tail++] = {document, 1};
  list.last = document;
  ++list.chunks.count;
  ++posting_count_;
}

void MutableSegment::extend(List& list) {
  const auto start = static_cast<std::uint32_t>(pool_.size());
  if (list.chunks.count == 0) {
    list.chunks.first = start;
    list.chunks.first_size = kFirstChunk;
    pool_.resize(start + kFirstChunk);
    list.tail = start;
    list.link = start + kFirstChunk - 1;
    return;
  }
  const std::uint32_t size = std::clamp(2 * (list.chunks.count + 1), kFirstChunk, kLargestChunk);
  pool_[list.link] = {start, size};
  pool_.resize(start + size);
  list.tail = start;
  list.link = start + size - 1;
}

TermPostings MutableSegment::postings(std::uint32_t id) const noexcept {
  return {lists_[id].chunks.count, PostingReader(lists_[id].chunks, pool_.data())};
}

TermPostings MutableSegment::find(std::string_view term) const {
  const std::uint32_t id = terms_.find(term);
  return id == TermTable::kNone ? TermPostings{} : postings(id);
}

const std::vector<std::uint32_t>& MutableSegment::sorted_terms() const {
  const auto before = [this](std::uint32_t a, std::uint32_t b) { return terms_[a] < terms_[b]; };
  const std::size_t known = sorted_.size();
  for (auto id = static_cast<std::uint32_t>(known); id < terms_.size(); ++id) sorted_.push_back(id);
  sort_numbers(std::span(sorted_).subspan(known), before);
  merge_numbers(sorted_, known, before);
  return sorted_;
}

ByteView MutableSegment::positions(std::string_view term, Bytes& scratch) const {
  const std::uint32_t id = terms_.find(term);
  if (id == TermTable::kNone) return {};
  std::vector<Posting> all;
  PostingReader reader = postings(id).reader;
  PostingBlock block;
  while (reader.next(block)) {
    for (std::uint32_t i = 0; i < block.count; ++i)
      all.push_back({block.documents[i], block.frequencies[i]});
  }
  Bytes varints;
  append_positions(id, varints);
  scratch.clear();
  text::append_positions(scratch, all, varints);
  return scratch;
}

std::unique_ptr<TermStream> MutableSegment::terms() const {
  return std::make_unique<GrowingTerms>(*this, sorted_terms());
}

std::uint64_t MutableSegment::dictionary_bytes() const noexcept {
  return terms_.memory_bytes() + spellings_.memory_bytes() + lists_.capacity() * sizeof(List) +
         (term_of_spelling_.capacity() + sorted_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace corsac::text

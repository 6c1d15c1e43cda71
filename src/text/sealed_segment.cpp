#include "text/sealed_segment.h"

#include "base/checksum.h"
#include "text/positions.h"
#include "text/term_stream.h"
#include "text/text_index.h"

namespace corsac::text {
namespace {

class SealedTerms final : public TermStream {
 public:
  SealedTerms(const SealedSegment& segment, TermCursor cursor)
      : segment_(segment), cursor_(std::move(cursor)) {}

  bool next() override { return cursor_.next(); }
  std::string_view term() const noexcept override { return cursor_.term(); }
  bool seek(std::string_view term) override {
    const std::uint32_t block = segment_.dictionary().block_of(term, cursor_.block());
    if (block != cursor_.block()) cursor_ = segment_.dictionary().cursor_at(block);
    return cursor_.seek(term);
  }
  TermPostings postings() const override { return segment_.postings_of(cursor_.entry()); }
  void append_positions(Bytes& out) const override {
    const TermEntry& entry = cursor_.entry();
    const ByteView varints = position_varints(segment_.positions_of(entry), entry.documents);
    out.insert(out.end(), varints.begin(), varints.end());
  }

 private:
  const SealedSegment& segment_;
  TermCursor cursor_;
};

Error corrupt(std::string what) { return {ErrorCode::Corrupt, "text segment: " + std::move(what)}; }

}  // namespace

Result<std::unique_ptr<SealedSegment>> SealedSegment::open(Bytes bytes) {
  std::unique_ptr<SealedSegment> segment(new SealedSegment);
  segment->bytes_ = std::move(bytes);
  const ByteView view = segment->bytes_;
  ByteReader reader(view);
  const auto magic = reader.get<std::uint32_t>();
  const auto version = reader.get<std::uint16_t>();
  const auto features = reader.get<std::uint16_t>();
  const auto checksum = reader.get<std::uint64_t>();
  if (view.size() < kSegmentHeaderBytes) {
    return corrupt("expected at least " + std::to_string(kSegmentHeaderBytes) + " bytes, got " +
                   std::to_string(view.size()));
  }
  if (magic != kSegmentMagic) return corrupt("wrong magic number " + std::to_string(magic));
  if (checksum != checksum64(view.subspan(kSegmentChecksumAt + sizeof checksum)))
    return corrupt("wrong checksum");
  if (version != kSegmentVersion || (features & ~(kSegmentHasPositions | kSegmentHasFields)) != 0) {
    return Error{ErrorCode::UnsupportedFormat,
                 "text segment of version " + std::to_string(version) + " with features " +
                     std::to_string(features) +
                     ", this build reads version 1 with features 0 to 3"};
  }
  segment->has_positions_ = (features & kSegmentHasPositions) != 0;
  if (!segment->parse(reader, (features & kSegmentHasFields) != 0))
    return corrupt("its parts do not fill " + std::to_string(view.size()) + " bytes");
  return segment;
}

bool SealedSegment::parse_fields(ByteReader& reader) {
  const auto count = reader.get<std::uint32_t>();
  if (count > kMaxTextFields) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    Field field;
    field.statistics.total_length = reader.get<std::uint64_t>();
    field.statistics.documents = reader.get<std::uint32_t>();
    field.lengths = reader.take(static_cast<std::size_t>(span_) * sizeof(std::uint16_t));
    fields_.push_back(field);
  }
  return true;
}

bool SealedSegment::parse(ByteReader& reader, bool has_fields) {
  Statistics statistics;
  first_ = reader.get<std::uint32_t>();
  span_ = reader.get<std::uint32_t>();
  statistics.documents = reader.get<std::uint32_t>();
  const auto term_count = reader.get<std::uint32_t>();
  statistics.total_length = reader.get<std::uint64_t>();
  const auto dictionary_bytes = reader.get<std::uint64_t>();
  const auto posting_bytes = reader.get<std::uint64_t>();
  const auto position_bytes = reader.get<std::uint64_t>();
  const std::size_t words = (static_cast<std::size_t>(span_) + 63) / 64;
  const std::size_t blocks =
      (static_cast<std::size_t>(term_count) + kTermsPerBlock - 1) / kTermsPerBlock;
  // A size that does not fit a size_t would wrap where those have 32 bits.
  if (dictionary_bytes > reader.remaining() || posting_bytes > reader.remaining() ||
      position_bytes > (has_positions_ ? reader.remaining() : 0))
    return false;
  std::vector<std::uint64_t> present = reader.get_all<std::uint64_t>(words);
  const ByteView offsets = reader.take(blocks * sizeof(std::uint32_t));
  fields_.front().statistics = statistics;
  fields_.front().lengths = reader.take(static_cast<std::size_t>(span_) * sizeof(std::uint16_t));
  if (has_fields && !parse_fields(reader)) return false;
  const ByteView dictionary = reader.take(static_cast<std::size_t>(dictionary_bytes));
  postings_ = reader.take(static_cast<std::size_t>(posting_bytes));
  positions_ = reader.take(static_cast<std::size_t>(position_bytes));
  if (!reader.finished()) return false;
  present_ = Bitset::from_words(std::move(present), span_);
  dictionary_ = Dictionary(offsets, dictionary, term_count, has_positions_);
  return present_.count() == fields_.front().statistics.documents;
}

TermPostings SealedSegment::postings_of(const TermEntry& entry) const {
  const bool in_bounds = entry.posting_offset <= postings_.size() &&
                         entry.posting_bytes <= postings_.size() - entry.posting_offset &&
                         entry.documents <= span_;
  if (!in_bounds || entry.documents == 0) return {};
  const ByteView bytes = postings_.subspan(static_cast<std::size_t>(entry.posting_offset),
                                           static_cast<std::size_t>(entry.posting_bytes));
  return {entry.documents, PostingReader(bytes, entry.documents, span_)};
}

ByteView SealedSegment::positions_of(const TermEntry& entry) const noexcept {
  if (entry.position_offset > positions_.size() ||
      entry.position_bytes > positions_.size() - entry.position_offset)
    return {};
  return positions_.subspan(static_cast<std::size_t>(entry.position_offset),
                            static_cast<std::size_t>(entry.position_bytes));
}

ByteView SealedSegment::positions(std::string_view term, Bytes&) const {
  return positions_of(dictionary_.find(term));
}

std::unique_ptr<TermStream> SealedSegment::terms() const {
  return std::make_unique<SealedTerms>(*this, dictionary_.begin());
}

}  // namespace corsac::text

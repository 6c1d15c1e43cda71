#include "text/sealed_segment.h"

#include "base/checksum.h"
#include "text/term_stream.h"

namespace corsac::text {
namespace {

class SealedTerms final : public TermStream {
 public:
  SealedTerms(const SealedSegment& segment, TermCursor cursor)
      : segment_(segment), cursor_(std::move(cursor)) {}

  bool next() override { return cursor_.next(); }
  std::string_view term() const noexcept override { return cursor_.term(); }
  TermPostings postings() const override { return segment_.postings_of(cursor_.entry()); }

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
  if (version != kSegmentVersion || features != 0) {
    return Error{ErrorCode::UnsupportedFormat,
                 "text segment of version " + std::to_string(version) + " with features " +
                     std::to_string(features) + ", this build reads version 1 without features"};
  }
  if (!segment->parse(reader))
    return corrupt("its parts do not fill " + std::to_string(view.size()) + " bytes");
  return segment;
}

bool SealedSegment::parse(ByteReader& reader) {
  first_ = reader.get<std::uint32_t>();
  span_ = reader.get<std::uint32_t>();
  statistics_.documents = reader.get<std::uint32_t>();
  const auto term_count = reader.get<std::uint32_t>();
  statistics_.total_length = reader.get<std::uint64_t>();
  const auto dictionary_bytes = reader.get<std::uint64_t>();
  const auto posting_bytes = reader.get<std::uint64_t>();
  const auto position_bytes = reader.get<std::uint64_t>();
  const std::size_t words = (static_cast<std::size_t>(span_) + 63) / 64;
  const std::size_t blocks =
      (static_cast<std::size_t>(term_count) + kTermsPerBlock - 1) / kTermsPerBlock;
  // A size that does not fit a size_t would wrap where those have 32 bits.
  if (dictionary_bytes > reader.remaining() || posting_bytes > reader.remaining() ||
      position_bytes != 0)
    return false;
  std::vector<std::uint64_t> present = reader.get_all<std::uint64_t>(words);
  const ByteView offsets = reader.take(blocks * sizeof(std::uint32_t));
  lengths_ = reader.take(static_cast<std::size_t>(span_) * sizeof(std::uint16_t));
  const ByteView dictionary = reader.take(static_cast<std::size_t>(dictionary_bytes));
  postings_ = reader.take(static_cast<std::size_t>(posting_bytes));
  if (!reader.finished()) return false;
  present_ = Bitset::from_words(std::move(present), span_);
  dictionary_ = Dictionary(offsets, dictionary, term_count);
  return present_.count() == statistics_.documents;
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

void SealedSegment::find_prefix(std::string_view prefix, std::vector<TermPostings>& found) const {
  TermCursor cursor = dictionary_.near(prefix);
  while (cursor.next()) {
    if (cursor.term().starts_with(prefix)) {
      const TermPostings postings = postings_of(cursor.entry());
      if (postings.documents > 0) found.push_back(postings);
    } else if (cursor.term() > prefix) {
      return;
    }
  }
}

std::unique_ptr<TermStream> SealedSegment::terms() const {
  return std::make_unique<SealedTerms>(*this, dictionary_.begin());
}

}  // namespace corsac::text

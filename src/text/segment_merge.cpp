#include "text/segment_merge.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <memory>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "text/dictionary.h"
#include "text/field_terms.h"
#include "text/packed_postings.h"
#include "text/positions.h"
#include "text/sealed_segment.h"
#include "text/term_stream.h"

namespace corsac::text {
namespace {

class Merge {
 public:
  Merge(std::span<const Segment* const> segments, const Bitset& deleted)
      : segments_(segments),
        deleted_(deleted),
        has_positions_(std::all_of(segments.begin(), segments.end(),
                                   [](const Segment* s) { return s->has_positions(); })),
        dictionary_(has_positions_) {}

  Bytes run() {
    find_range();
    if (documents_ == 0) return {};
    for (const Segment* segment : segments_) streams_.push_back(segment->terms());
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      if (streams_[i]->next()) streams_left_.push_back(i);
    }
    while (!streams_left_.empty()) merge_next_term();
    return assemble();
  }

 private:
  bool is_live(const Segment& segment, std::uint32_t document) const {
    const std::size_t ordinal = static_cast<std::size_t>(segment.first()) + document;
    return segment.present().test(document) &&
           !(ordinal < deleted_.size() && deleted_.test(ordinal));
  }

  template <class Visit>
  void for_each_live(Visit visit) const {
    for (const Segment* segment : segments_) {
      for (std::uint32_t document = 0; document < segment->span(); ++document) {
        if (is_live(*segment, document)) visit(*segment, document);
      }
    }
  }

  void find_range() {
    Ordinal last = 0;
    for_each_live([&](const Segment& segment, std::uint32_t document) {
      last = segment.first() + document;
      if (documents_++ == 0) first_ = last;
    });
    if (documents_ == 0) return;
    present_.resize(static_cast<std::size_t>(last - first_) + 1);
    std::uint32_t fields = 0;
    for (const Segment* segment : segments_) fields = std::max(fields, segment->fields());
    fields_.resize(1 + fields);
    for (Field& field : fields_) field.lengths.resize(present_.size());
    for_each_live([&](const Segment& segment, std::uint32_t document) {
      const std::uint32_t place = segment.first() + document - first_;
      present_.set(place);
      for (std::uint32_t i = 0; i <= segment.fields(); ++i) {
        Field& field = fields_[i];
        field.lengths[place] = segment.lengths(i)[document];
        field.total_length += field.lengths[place];
        field.documents += field.lengths[place] > 0 ? 1 : 0;
      }
    });
  }

  // Of the term; a damaged one may name a field that is not there.
  std::size_t own_field() const noexcept {
    const std::size_t field = field_of(term_);
    return field < fields_.size() ? field : 0;
  }

  void merge_next_term() {
    std::string_view least = streams_[streams_left_.front()]->term();
    for (const std::size_t i : streams_left_) least = std::min(least, streams_[i]->term());
    term_ = least;
    postings_.clear();
    varints_.clear();
    std::erase_if(streams_left_, [&](std::size_t i) {
      if (streams_[i]->term() != term_) return false;
      gather(*segments_[i], *streams_[i]);
      return !streams_[i]->next();
    });
    if (postings_.empty()) return;
    const std::size_t before = packed_.size(), positions_before = positions_.size();
    append_postings(packed_, postings_, LengthView(fields_[own_field()].lengths.data()));
    if (has_positions_) append_positions(positions_, postings_, varints_);
    dictionary_.add(term_, static_cast<std::uint32_t>(postings_.size()), packed_.size() - before,
                    positions_.size() - positions_before);
  }

  void gather(const Segment& segment, const TermStream& stream) {
    TermPostings postings = stream.postings();
    all_.clear();
    kept_.clear();
    const std::uint32_t shift = segment.first() - first_;  // Modulo 2^32, as the places below.
    PostingBlock block;
    while (postings.reader.next(block)) {
      for (std::uint32_t i = 0; i < block.count; ++i) {
        const std::uint32_t place = block.documents[i] + shift;
        const bool kept = place < present_.size() && present_.test(place);
        if (kept) postings_.push_back({place, block.frequencies[i]});
        if (!has_positions_) continue;
        all_.push_back({place, block.frequencies[i]});
        kept_.push_back(kept);
      }
    }
    if (!has_positions_) return;
    own_varints_.clear();
    stream.append_positions(own_varints_);
    copy_positions(own_varints_, all_, kept_, varints_);
  }

  Bytes assemble() const {
    ByteWriter out;
    out.put(kSegmentMagic);
    out.put(kSegmentVersion);
    out.put(static_cast<std::uint16_t>((has_positions_ ? kSegmentHasPositions : 0) |
                                       (fields_.size() > 1 ? kSegmentHasFields : 0)));
    out.put(std::uint64_t{0});  // checksum, below
    out.put(first_);
    out.put(static_cast<std::uint32_t>(present_.size()));
    out.put(documents_);
    out.put(dictionary_.term_count());
    out.put(fields_.front().total_length);
    out.put(static_cast<std::uint64_t>(dictionary_.blocks().size()));
    out.put(static_cast<std::uint64_t>(packed_.size()));
    out.put(static_cast<std::uint64_t>(positions_.size()));
    assert(out.size() == kSegmentHeaderBytes);
    out.put_all(present_.words());
    out.append(dictionary_.offsets());
    out.put_all(std::span<const std::uint16_t>(fields_.front().lengths));
    if (fields_.size() > 1) {
      out.put(static_cast<std::uint32_t>(fields_.size() - 1));
      for (const Field& field : std::span(fields_).subspan(1)) {
        out.put(field.total_length);
        out.put(field.documents);
        out.put_all(std::span<const std::uint16_t>(field.lengths));
      }
    }
    out.append(dictionary_.blocks());
    out.append(packed_);
    out.append(positions_);
    out.overwrite(kSegmentChecksumAt,
                  checksum64(out.view().subspan(kSegmentChecksumAt + sizeof(std::uint64_t))));
    return std::move(out).take();
  }

  std::span<const Segment* const> segments_;
  const Bitset& deleted_;
  bool has_positions_;                                // Only when all segments have them.
  std::vector<std::unique_ptr<TermStream>> streams_;  // [segments]
  std::vector<std::size_t> streams_left_;             // Those with a term, ascending.
  std::string term_;
  std::vector<Posting> postings_;  // Of the term being merged.
  Bytes varints_;                  // Their positions.

  // Of the term in one segment.
  std::vector<Posting> all_;
  std::vector<bool> kept_;  // [all_]
  Bytes own_varints_;

  Ordinal first_ = 0;
  std::uint32_t documents_ = 0;
  struct Field {
    std::uint64_t total_length = 0;
    std::uint32_t documents = 0;         // With a token of it.
    std::vector<std::uint16_t> lengths;  // [span]
  };
  std::vector<Field> fields_;  // The content first.
  Bitset present_;             // [span]
  DictionaryWriter dictionary_;
  Bytes packed_;
  Bytes positions_;
};

constexpr std::size_t kTierSize = 4, kMaxSegments = 32;
constexpr std::uint64_t kLowestTierBytes = 1u << 16;

std::uint32_t tier_of(std::uint64_t size) noexcept {
  return static_cast<std::uint32_t>(std::bit_width(size / kLowestTierBytes) + 1) / 2;
}

}  // namespace

Bytes merge_segments(std::span<const Segment* const> segments, const Bitset& deleted) {
  assert(!segments.empty());
  return Merge(segments, deleted).run();
}

std::optional<std::size_t> first_to_merge(std::span<const std::uint64_t> sizes) noexcept {
  if (sizes.size() > kMaxSegments) return 0;
  constexpr std::uint32_t kTiers = 33;
  for (std::uint32_t tier = 0; tier < kTiers; ++tier) {
    std::size_t start = sizes.size(), members = 0;
    for (; start > 0 && tier_of(sizes[start - 1]) <= tier; --start) {
      if (tier_of(sizes[start - 1]) == tier) ++members;
    }
    if (members >= kTierSize) return start;
  }
  return std::nullopt;
}

}  // namespace corsac::text

// An immutable segment: the stored bytes, searched in place. docs/text.md draws them.
//
//   0  u32 magic, u16 version, u16 features (1: positions, 2: fields)
//   8  u64 XXH3 of everything after it
//  16  u32 first ordinal, u32 span, u32 documents, u32 terms
//  32  u64 total length, u64 bytes of dictionary blocks, u64 of postings, u64 of positions
//  64  presence bitmap [ceil(span / 64)] u64, dictionary offsets, lengths [span] u16, with fields:
//      u32 fields, (u64 total length, u32 documents, lengths [span] u16){fields}; dictionary
//      blocks, postings, positions
#pragma once

#include <memory>
#include <vector>

#include "base/bitset.h"
#include "base/bytes.h"
#include "base/result.h"
#include "text/dictionary.h"
#include "text/segment.h"

namespace corsac::text {

class SealedSegment final : public Segment {
 public:
  /// Fails with: Corrupt, UnsupportedFormat.
  static Result<std::unique_ptr<SealedSegment>> open(Bytes bytes);

  Ordinal first() const noexcept override { return first_; }
  std::uint32_t span() const noexcept override { return span_; }
  Statistics statistics(std::uint32_t field) const noexcept override {
    return field < fields_.size() ? fields_[field].statistics : Statistics{};
  }
  LengthView lengths(std::uint32_t field) const noexcept override {
    return LengthView(fields_[field].lengths.data());
  }
  std::uint32_t fields() const noexcept override {
    return static_cast<std::uint32_t>(fields_.size() - 1);
  }
  const Bitset& present() const noexcept override { return present_; }
  TermPostings find(std::string_view term) const override {
    return postings_of(dictionary_.find(term));
  }
  bool has_positions() const noexcept override { return has_positions_; }
  ByteView positions(std::string_view term, Bytes& scratch) const override;
  std::unique_ptr<TermStream> terms() const override;

  ByteView bytes() const noexcept { return bytes_; }
  std::uint64_t posting_bytes() const noexcept { return postings_.size(); }
  std::uint64_t position_bytes() const noexcept { return positions_.size(); }
  ByteView positions_of(const TermEntry& entry) const noexcept;
  const Dictionary& dictionary() const noexcept { return dictionary_; }
  TermPostings postings_of(const TermEntry& entry) const;

 private:
  SealedSegment() = default;
  bool parse(ByteReader& reader, bool has_fields);
  bool parse_fields(ByteReader& reader);

  Bytes bytes_;
  Ordinal first_ = 0;
  std::uint32_t span_ = 0;
  struct Field {
    Statistics statistics;
    ByteView lengths;
  };
  std::vector<Field> fields_ = std::vector<Field>(1);  // The content first.
  Bitset present_;
  Dictionary dictionary_;
  ByteView postings_;
  ByteView positions_;
  bool has_positions_ = false;
};

inline constexpr std::uint32_t kSegmentMagic = 0x54584353;  // "SCXT"
inline constexpr std::uint16_t kSegmentVersion = 1;
inline constexpr std::uint16_t kSegmentHasPositions = 1, kSegmentHasFields = 2;  // Features.
inline constexpr std::size_t kSegmentChecksumAt = 8, kSegmentHeaderBytes = 64;

}  // namespace corsac::text

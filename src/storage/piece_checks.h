// Is a range of a section that is not in memory what was written? Such sections are stored as their
// own bytes, so that any range can be read; the checksums of their pieces, at most 64 KiB each, are
// a resident section of their own (Checks):
//   per section, ascending: u16 section, u16 0, u32 pieces, then per piece u32 length, u64 XXH3-64
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/result.h"
#include "base/section.h"

namespace corsac::storage {

inline constexpr std::size_t kMaxPieceBytes = std::size_t{64} << 10;

class PieceChecks {
 public:
  struct Piece {
    std::uint64_t end = 0;  ///< offset into the section
    std::uint64_t checksum = 0;
  };
  struct Range {
    std::uint64_t begin = 0, end = 0;
  };

  static Result<PieceChecks> decode(ByteView section);
  Bytes encode() const;

  void restart(SectionId id) { pieces_.erase(id); }
  void append(SectionId id, ByteView tail);
  std::uint64_t length(SectionId id) const noexcept;

  /// What a root keeps of the blob that holds `range`. Nothing when the range does not end between
  /// pieces.
  std::optional<Checksum128> chain(SectionId id, const Range& range) const;
  /// The whole pieces around a range. Requires: begin < end <= length(id).
  Range cover(SectionId id, const Range& range) const;
  /// Whether `bytes`, read from `begin`, are whole pieces and what was written. Fails with:
  /// Corrupt.
  Status check(SectionId id, std::uint64_t begin, ByteView bytes) const;

 private:
  std::size_t piece_at(SectionId id, std::uint64_t offset) const;

  std::map<SectionId, std::vector<Piece>> pieces_;
};

}  // namespace corsac::storage

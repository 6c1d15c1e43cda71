// What does a search need from a segment: a range of ordinals with its own dictionary and postings?
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "base/bytes.h"
#include "base/types.h"
#include "text/bm25.h"
#include "text/posting_reader.h"

namespace corsac::text {

struct TermPostings {
  std::uint32_t documents = 0;  ///< 0: the segment does not have the term
  PostingReader reader;
};

/// Lengths of a segment's documents in tokens, 16 bits each, at any alignment.
class LengthView {
 public:
  explicit LengthView(const void* data) noexcept : data_(static_cast<const std::byte*>(data)) {}
  std::uint16_t operator[](std::size_t document) const noexcept {
    std::uint16_t length;
    std::memcpy(&length, data_ + 2 * document, sizeof length);
    return length;
  }

 private:
  const std::byte* data_;
};

class TermStream;

class Segment {
 public:
  virtual ~Segment() = default;

  virtual Ordinal first() const noexcept = 0;
  /// Ordinals [first, first + span) belong to this segment.
  virtual std::uint32_t span() const noexcept = 0;
  /// Of the content (0) or another field; of those only documents that have it count.
  virtual Statistics statistics(std::uint32_t field = 0) const noexcept = 0;
  /// Requires: field <= fields().
  virtual LengthView lengths(std::uint32_t field = 0) const noexcept = 0;
  /// Fields beside the content.
  virtual std::uint32_t fields() const noexcept = 0;
  /// Which of its ordinals have a document [span], removed ones included.
  virtual const Bitset& present() const noexcept = 0;

  virtual TermPostings find(std::string_view term) const = 0;
  virtual bool has_positions() const noexcept = 0;
  /// A term's positions as positions.h stores them, if need be written into `scratch`, which then
  /// must stay. Requires: has_positions().
  virtual ByteView positions(std::string_view term, Bytes& scratch) const = 0;
  /// Must not outlive the segment.
  virtual std::unique_ptr<TermStream> terms() const = 0;
};

}  // namespace corsac::text

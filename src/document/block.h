// A block of documents: written one after the other, decoded at once, read by position.
//
//   u32 content length, u32 metadata length   per document; 0xFFFFFFFF: absent
//   content, metadata                         per document, in the same order
//
// The number of documents is in the block table, not here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "document/document_store.h"

namespace corsac::document {

/// The block that documents are still added to.
class OpenBlock {
 public:
  void add(std::optional<std::string_view> content, std::optional<std::string_view> metadata);
  std::uint32_t count() const noexcept { return static_cast<std::uint32_t>(starts_.size()); }
  /// Bytes of the encoded block.
  std::size_t raw_bytes() const noexcept {
    return lengths_.size() * sizeof(std::uint32_t) + text_.size();
  }
  /// Requires: i < count().
  DocumentView read(std::size_t i) const noexcept;
  Bytes encode() const;
  void clear() noexcept;

 private:
  std::vector<std::uint32_t> lengths_;  // [count x 2]
  std::vector<std::size_t> starts_;     // [count] into text_
  std::string text_;
};

class DecodedBlock {
 public:
  /// Fails with: Corrupt when the lengths do not add up to the bytes there are.
  static Result<DecodedBlock> parse(Bytes raw, std::uint32_t count);

  /// Requires: i < count.
  DocumentView read(std::size_t i) const noexcept;
  std::size_t bytes() const noexcept {
    return raw_.size() + starts_.size() * sizeof(std::uint32_t);
  }

 private:
  Bytes raw_;
  std::vector<std::uint32_t> starts_;  // [count] into raw_
};

}  // namespace corsac::document

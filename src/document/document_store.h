// What did the user store? Content and metadata in compressed blocks, append-only by ordinal. Blocks of
// checkpointed documents are not in memory: a reader names the blocks it lacks, the host brings them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/section.h"
#include "base/types.h"
#include "compress/codec.h"

namespace corsac::document {

/// One document as stored. Views live until the store changes or another block is supplied.
struct DocumentView {
  bool has_content = false;
  std::string_view content;
  bool has_metadata = false;
  std::string_view metadata;  ///< JSON text as given
};

/// A block that must be read from SectionId::Documents.
struct BlockRange {
  std::uint32_t block = 0;
  std::uint64_t offset = 0;  ///< into the section
  std::uint32_t length = 0;
};

struct DocumentStoreOptions {
  compress::Codec codec = compress::Codec::Lz4;
  std::uint32_t block_bytes = 32u << 10;        ///< raw bytes after which a block is sealed
  std::uint64_t cache_bytes = 32u << 20;        ///< decoded blocks kept
};

class DocumentStore {
 public:
  explicit DocumentStore(const DocumentStoreOptions& options);
  ~DocumentStore();
  DocumentStore(DocumentStore&&) noexcept;
  DocumentStore& operator=(DocumentStore&&) noexcept;

  /// Fails with: Corrupt, UnsupportedFormat.
  static Result<DocumentStore> load(const DocumentStoreOptions& options, const SectionSource& source);

  /// The next ordinal's document. Absent content or metadata stays absent.
  void add(std::optional<std::string_view> content, std::optional<std::string_view> metadata);
  std::size_t size() const noexcept;

  /// The blocks that must be supplied before these ordinals can be read, each once, ascending. Marks
  /// the cached ones as recently used.
  std::vector<BlockRange> missing(std::span<const Ordinal> ordinals);
  /// Takes the bytes of a block as they were stored. Fails with: Corrupt, NotFound for no such block.
  Status supply(std::uint32_t block, ByteView stored);
  /// Requires: ordinal < size(). Fails with: NotFound when its block is not here (ask missing() first), Corrupt.
  Result<DocumentView> read(Ordinal ordinal) const;

  /// Seals the open block and writes what is new; sealed blocks then live in the cache only.
  void save(SectionSink& sink);
  std::uint64_t resident_bytes() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace corsac::document

// What did the user store? Content and metadata in compressed blocks, append-only by ordinal.
// Blocks of checkpointed documents are not in memory: a reader names the blocks it lacks, the host
// brings them.
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

inline constexpr std::size_t kMaxContentBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxMetadataBytes = std::size_t{1} << 20;

/// One document as stored. Views live until the next missing(), supply(), add() or save().
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
  std::uint32_t block_bytes =
      32u << 10;  ///< raw bytes after which a block is sealed, at most 16 MiB
  std::uint64_t cache_bytes =
      32u << 20;  ///< decoded blocks kept beyond those of the present request
};

class DocumentStore {
 public:
  explicit DocumentStore(const DocumentStoreOptions& options);
  ~DocumentStore();
  DocumentStore(DocumentStore&&) noexcept;
  DocumentStore& operator=(DocumentStore&&) noexcept;

  /// Fails with: Corrupt, UnsupportedFormat.
  static Result<DocumentStore> load(const DocumentStoreOptions& options,
                                    const SectionSource& source);

  /// The next ordinal's document. Absent content or metadata stays absent.
  /// Requires: content within kMaxContentBytes, metadata within kMaxMetadataBytes.
  void add(std::optional<std::string_view> content, std::optional<std::string_view> metadata);
  std::size_t size() const noexcept;

  /// The blocks that must be supplied before these ordinals can be read, each once, ascending. They
  /// are the present request: its blocks, supplied or cached, stay until the next call, however
  /// many they are.
  /// Requires: every ordinal < size().
  std::vector<BlockRange> missing(std::span<const Ordinal> ordinals);
  /// Takes the bytes of a block as they were stored. Fails with: Corrupt, NotFound for no such
  /// block; nothing changes then.
  Status supply(std::uint32_t block, ByteView stored);
  /// Requires: ordinal < size().
  /// Fails with: NotFound when its block is not here (ask missing() first).
  Result<DocumentView> read(Ordinal ordinal) const;

  /// Seals the open block and writes what is new; sealed blocks then live in the cache only. Until
  /// then they stay here, compressed.
  void save(SectionSink& sink);
  /// Bytes held for blocks, open, unsaved and cached, and for the table of blocks.
  std::uint64_t resident_bytes() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace corsac::document

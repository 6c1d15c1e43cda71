// Everything that changes a collection, as bytes: what crosses the seam is what the log keeps.
// docs/format.md draws the encoding (version 1):
//   operation := u8 kind, body
//   kind 1 write     := u8 mode (0 insert, 1 upsert), u32 count, document[count]
//   document         := u8 flags, text id, [text content], [text metadata], [u32 vectors,
//   f32[vectors x dimension]]
//                       flags: 1 content, 2 metadata, 4 vectors, 8 keep the vectors of the document
//                       replaced
//   kind 2 remove    := u32 count, text id[count]
//   kind 3 maintain  := u8 what (1 compaction, 2 migration, 3 rebuild), u8 stage (1 begin, 2
//   finish), text detail
//   kind 4 calibrate := u8 whose (0 own vectors, 1 sample), curve (collection/calibration.h)
//   text             := u32 bytes, UTF-8
// A maintain operation changes the representation, never the documents: it takes effect for good
// with the checkpoint that follows, and recovery skips it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "collection/calibration.h"

namespace corsac::collection {

inline constexpr std::uint16_t kOperationVersion = 1;
inline constexpr std::size_t kMaxIdBytes = 512;
inline constexpr std::size_t kMaxContentBytes = 16u << 20;
inline constexpr std::size_t kMaxMetadataBytes = 1u << 20;
inline constexpr std::size_t kMaxBatch = 100'000;
inline constexpr std::size_t kMaxVectorsPerDocument = 256;

enum class OperationKind : std::uint8_t { Write = 1, Remove = 2, Maintain = 3, Calibrate = 4 };
enum class WriteMode : std::uint8_t { Insert = 0, Upsert = 1 };
enum class Maintenance : std::uint8_t { Compaction = 1, Migration = 2, Rebuild = 3 };
enum class Stage : std::uint8_t { Begin = 1, Finish = 2 };

/// One document of a write; views into the operation's bytes.
struct NewDocument {
  std::string_view id;
  std::optional<std::string_view> content;
  std::optional<std::string_view> metadata;  ///< JSON text
  ByteView vectors;                          ///< f32 little-endian [count x dimension], unaligned
  std::uint32_t vector_count = 0;
  bool keep_vectors = false;
};

struct Operation {
  OperationKind kind = OperationKind::Write;
  WriteMode mode = WriteMode::Insert;
  std::vector<NewDocument> documents;
  std::vector<std::string_view> ids;  ///< for Remove
  Maintenance maintenance = Maintenance::Compaction;
  Stage stage = Stage::Begin;
  std::string_view detail;
  CurveKind curve_kind = CurveKind::Own;
  Curve curve;  ///< for Calibrate
};

/// The structure only; collection.h validates the meaning. Views point into `bytes`.
/// Fails with: InvalidArgument (a limit, named with the value), Corrupt (not the encoding above).
Result<Operation> decode_operation(ByteView bytes, std::uint32_t dimension);

/// Encodes a write one document at a time.
class WriteEncoder {
 public:
  explicit WriteEncoder(WriteMode mode);
  void add(const NewDocument& document);
  std::uint32_t count() const noexcept { return count_; }
  std::size_t size_bytes() const noexcept { return writer_.size(); }
  Bytes take() && { return std::move(writer_).take(); }

 private:
  ByteWriter writer_;
  std::uint32_t count_ = 0;
};

/// The bytes of an operation: what decode_operation() reads back.
Bytes encode_operation(const Operation& operation);

}  // namespace corsac::collection

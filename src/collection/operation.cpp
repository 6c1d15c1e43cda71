#include "collection/operation.h"

#include <string>
#include <utility>

namespace corsac::collection {
namespace {

enum DocumentFlag : std::uint8_t {
  kContent = 1,
  kMetadata = 2,
  kVectors = 4,
  kKeepVectors = 8,
  kAllFlags = 15
};

constexpr std::size_t kMinDocumentBytes = 5;  // flags and the length of an id
constexpr std::size_t kMinIdBytes = 4;

/// Reads one operation; the first problem is kept and the reader then yields nothing.
class Decoder {
 public:
  Decoder(ByteView bytes, std::uint32_t dimension) : reader_(bytes), dimension_(dimension) {}

  Result<Operation> decode() {
    Operation out;
    out.kind = static_cast<OperationKind>(reader_.get<std::uint8_t>());
    switch (out.kind) {
      case OperationKind::Write: write(out); break;
      case OperationKind::Remove: remove(out); break;
      case OperationKind::Maintain: maintain(out); break;
      case OperationKind::Calibrate: calibrate(out); break;
      default:
        corrupt("unknown operation kind " + std::to_string(static_cast<unsigned>(out.kind)));
        break;
    }
    if (error_) return *std::move(error_);
    if (!reader_.finished()) {
      return Error{ErrorCode::Corrupt, reader_.ok() ? "an operation has " +
                                                          std::to_string(reader_.remaining()) +
                                                          " bytes too many"
                                                    : std::string("an operation ends early")};
    }
    return out;
  }

 private:
  void corrupt(std::string message) { stop(ErrorCode::Corrupt, std::move(message)); }
  void stop(ErrorCode code, std::string message) {
    if (!error_) error_ = Error{code, std::move(message)};
    reader_.fail();
  }

  /// A count that the bytes left could hold, so that reserving for it is safe.
  std::size_t count(std::string_view what, std::size_t each_bytes) {
    const std::size_t given = reader_.get<std::uint32_t>();
    if (given > kMaxBatch) {
      stop(ErrorCode::InvalidArgument, "an operation takes at most " + std::to_string(kMaxBatch) +
                                           " " + std::string(what) + ", got " +
                                           std::to_string(given));
      return 0;
    }
    if (given > reader_.remaining() / each_bytes) {
      reader_.fail();
      return 0;
    }
    return given;
  }

  std::string_view text(std::string_view what, std::size_t position, std::size_t limit) {
    const std::string_view out = reader_.get_text();
    if (out.size() > limit) {
      stop(ErrorCode::InvalidArgument,
           "document " + std::to_string(position) + ": " + std::string(what) + " has " +
               std::to_string(out.size()) + " bytes, at most " + std::to_string(limit));
    }
    return out;
  }

  void write(Operation& out) {
    const auto mode = reader_.get<std::uint8_t>();
    if (mode > static_cast<std::uint8_t>(WriteMode::Upsert))
      return corrupt("unknown write mode " + std::to_string(mode));
    out.mode = static_cast<WriteMode>(mode);
    const std::size_t documents = count("documents", kMinDocumentBytes);
    out.documents.reserve(documents);
    for (std::size_t i = 0; i < documents && reader_.ok(); ++i)
      out.documents.push_back(document(i));
  }

  NewDocument document(std::size_t position) {
    NewDocument out;
    const auto flags = reader_.get<std::uint8_t>();
    if (flags > kAllFlags) {
      corrupt("document " + std::to_string(position) + ": unknown flags " + std::to_string(flags));
      return out;
    }
    out.id = text("the id", position, kMaxIdBytes);
    if (flags & kContent) out.content = text("content", position, kMaxContentBytes);
    if (flags & kMetadata) out.metadata = text("metadata", position, kMaxMetadataBytes);
    if (flags & kVectors) vectors(out, position);
    out.keep_vectors = (flags & kKeepVectors) != 0;
    return out;
  }

  void vectors(NewDocument& out, std::size_t position) {
    out.vector_count = reader_.get<std::uint32_t>();
    if (!reader_.ok()) return;
    if (dimension_ == 0 && out.vector_count > 0) {
      return stop(ErrorCode::InvalidArgument, "document " + std::to_string(position) +
                                                  ": the collection has no vectors, got " +
                                                  std::to_string(out.vector_count));
    }
    if (out.vector_count > kMaxVectorsPerDocument) {
      return stop(ErrorCode::InvalidArgument,
                  "document " + std::to_string(position) + ": a document has at most " +
                      std::to_string(kMaxVectorsPerDocument) + " vectors, got " +
                      std::to_string(out.vector_count));
    }
    out.vectors = reader_.take(std::size_t{out.vector_count} * dimension_ * sizeof(float));
  }

  void remove(Operation& out) {
    const std::size_t ids = count("ids", kMinIdBytes);
    out.ids.reserve(ids);
    for (std::size_t i = 0; i < ids && reader_.ok(); ++i)
      out.ids.push_back(text("the id", i, kMaxIdBytes));
  }

  void maintain(Operation& out) {
    const auto what = reader_.get<std::uint8_t>();
    const auto stage = reader_.get<std::uint8_t>();
    if (reader_.ok() && (what < 1 || what > 3))
      return corrupt("unknown maintenance " + std::to_string(what));
    if (reader_.ok() && (stage < 1 || stage > 2))
      return corrupt("unknown stage " + std::to_string(stage));
    out.maintenance = static_cast<Maintenance>(what);
    out.stage = static_cast<Stage>(stage);
    out.detail = reader_.get_text();
  }

  void calibrate(Operation& out) {
    const auto whose = reader_.get<std::uint8_t>();
    if (whose > 1) return corrupt("unknown curve " + std::to_string(whose));
    out.curve_kind = static_cast<CurveKind>(whose);
    Result<Curve> curve = decode_curve(reader_);
    if (!curve) return stop(curve.error().code, curve.error().message);
    out.curve = *std::move(curve);
  }

  ByteReader reader_;
  std::uint32_t dimension_;
  std::optional<Error> error_;
};

}  // namespace

WriteEncoder::WriteEncoder(WriteMode mode) {
  writer_.put(OperationKind::Write);
  writer_.put(mode);
  writer_.put(std::uint32_t{0});
}

void WriteEncoder::add(const NewDocument& document) {
  unsigned flags = 0;
  if (document.content) flags |= kContent;
  if (document.metadata) flags |= kMetadata;
  if (document.vector_count > 0) flags |= kVectors;
  if (document.keep_vectors) flags |= kKeepVectors;
  writer_.put(static_cast<std::uint8_t>(flags));
  writer_.put_text(document.id);
  if (document.content) writer_.put_text(*document.content);
  if (document.metadata) writer_.put_text(*document.metadata);
  if (document.vector_count > 0) {
    writer_.put(document.vector_count);
    writer_.append(document.vectors);
  }
  writer_.overwrite(2, ++count_);
}

Bytes encode_operation(const Operation& operation) {
  if (operation.kind == OperationKind::Write) {
    WriteEncoder write(operation.mode);
    for (const NewDocument& document : operation.documents) write.add(document);
    return std::move(write).take();
  }
  ByteWriter writer;
  writer.put(operation.kind);
  if (operation.kind == OperationKind::Remove) {
    writer.put(static_cast<std::uint32_t>(operation.ids.size()));
    for (const std::string_view id : operation.ids) writer.put_text(id);
  } else if (operation.kind == OperationKind::Calibrate) {
    writer.put(operation.curve_kind);
    encode_curve(operation.curve, writer);
  } else {
    writer.put(operation.maintenance);
    writer.put(operation.stage);
    writer.put_text(operation.detail);
  }
  return std::move(writer).take();
}

Result<Operation> decode_operation(ByteView bytes, std::uint32_t dimension) {
  return Decoder(bytes, dimension).decode();
}

}  // namespace corsac::collection

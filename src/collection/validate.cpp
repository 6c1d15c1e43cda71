#include "collection/validate.h"

#include <cmath>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/utf8.h"

namespace corsac::collection {
namespace {

constexpr std::size_t kMaxOrdinals = kNoOrdinal / 2;  // 2^31 - 1

/// The id as a message shows it: whole characters, at most 64 bytes.
std::string shown(std::string_view id) {
  if (!is_valid_utf8(id)) return "of " + std::to_string(id.size()) + " bytes";
  std::size_t end = 0;
  for (std::size_t at = 0; at < id.size();) {
    next_code_point(id, at);
    if (at > 64) break;
    end = at;
  }
  return write_json(Json::string(std::string(id.substr(0, end)))) + (end < id.size() ? "..." : "");
}

std::string_view type_name(Json::Type type) {
  switch (type) {
    case Json::Type::Null: return "null";
    case Json::Type::Boolean: return "a boolean";
    case Json::Type::Number: return "a number";
    case Json::Type::String: return "a string";
    case Json::Type::Array: return "an array";
    case Json::Type::Object: break;
  }
  return "an object";
}

/// Checks one write, document by document.
class WriteCheck {
 public:
  WriteCheck(const Form& form, const PendingIds& pending, const Operation& operation)
      : form_(form), pending_(pending), operation_(operation) {
    positions_.reserve(operation.documents.size());
  }

  Status run() {
    const std::size_t after = form_.size() + pending_.documents() + operation_.documents.size();
    if (after > kMaxOrdinals) {
      return Error{ErrorCode::InvalidArgument,
                   "a collection takes " + std::to_string(kMaxOrdinals) +
                       " documents between compactions, this would be " + std::to_string(after)};
    }
    for (at_ = 0; at_ < operation_.documents.size(); ++at_) {
      const NewDocument& document = operation_.documents[at_];
      for (const auto check :
           {&WriteCheck::id, &WriteCheck::content, &WriteCheck::vectors, &WriteCheck::presence}) {
        if (Status status = (this->*check)(document); !status) return status;
      }
      positions_.emplace(document.id, at_);
    }
    return Done{};
  }

 private:
  Error wrong(ErrorCode code, const std::string& what) const {
    return {code, "document " + std::to_string(at_) + " (id " +
                      shown(operation_.documents[at_].id) + "): " + what};
  }

  Status id(const NewDocument& document) {
    if (document.id.empty() || document.id.size() > kMaxIdBytes) {
      return wrong(ErrorCode::InvalidArgument, "an id has 1 to " + std::to_string(kMaxIdBytes) +
                                                   " bytes, got " +
                                                   std::to_string(document.id.size()));
    }
    if (!is_valid_utf8(document.id))
      return wrong(ErrorCode::InvalidArgument, "the id is not valid UTF-8");
    return Done{};
  }

  Status content(const NewDocument& document) {
    if (document.content && !is_valid_utf8(*document.content)) {
      return wrong(ErrorCode::InvalidArgument, "the content is not valid UTF-8");
    }
    if (!document.metadata) return Done{};
    const Result<Json> metadata = parse_json(*document.metadata);
    if (!metadata)
      return wrong(ErrorCode::InvalidArgument, "metadata: " + metadata.error().message);
    if (!metadata->is(Json::Type::Object)) {
      return wrong(ErrorCode::InvalidArgument,
                   "metadata must be an object, got " + std::string(type_name(metadata->type())));
    }
    return Done{};
  }

  Status vectors(const NewDocument& document) {
    if (document.vector_count == 0) return Done{};
    if (!form_.options.has_index) {
      return wrong(ErrorCode::InvalidArgument,
                   "the collection has no vectors, got " + std::to_string(document.vector_count));
    }
    if (document.keep_vectors)
      return wrong(ErrorCode::InvalidArgument, "vectors are both given and to be kept");
    if (document.vector_count > 1) {
      return wrong(ErrorCode::InvalidArgument,
                   "more than one vector per document is not available yet, got " +
                       std::to_string(document.vector_count));
    }
    const std::size_t expected = document.vector_count * form_.options.dimension;
    if (document.vectors.size() != expected * sizeof(float)) {
      return wrong(ErrorCode::DimensionMismatch,
                   "expected " + std::to_string(expected) + " dimensions, got " +
                       std::to_string(document.vectors.size() / sizeof(float)));
    }
    row_.resize(expected);
    std::memcpy(row_.data(), document.vectors.data(), document.vectors.size());
    const Status status = validate_vector(row_);
    if (!status) return wrong(status.error().code, status.error().message);
    return Done{};
  }

  Status presence(const NewDocument& document) {
    const auto earlier = positions_.find(document.id);
    if (operation_.mode == WriteMode::Insert) {
      if (document.keep_vectors)
        return wrong(ErrorCode::InvalidArgument, "an insert has no vectors to keep");
      if (earlier != positions_.end()) {
        return wrong(ErrorCode::AlreadyExists, "document " + std::to_string(earlier->second) +
                                                   " of this batch has the same id");
      }
      if (exists(document.id))
        return wrong(ErrorCode::AlreadyExists, "there is a document with this id already");
    } else if (document.keep_vectors && earlier == positions_.end() && !exists(document.id)) {
      return wrong(ErrorCode::NotFound,
                   "there is no document with this id whose vectors could be kept");
    }
    return Done{};
  }

  bool exists(std::string_view id) const {
    const std::optional<bool> pending = pending_.exists(id);
    return pending ? *pending : form_.ids.find(id).has_value();
  }

  const Form& form_;
  const PendingIds& pending_;
  const Operation& operation_;
  std::size_t at_ = 0;
  std::unordered_map<std::string_view, std::size_t> positions_;  // looked up, never iterated
  std::vector<float> row_;
};

Status validate_ids(const Operation& operation) {
  for (std::size_t i = 0; i < operation.ids.size(); ++i) {
    const std::string_view id = operation.ids[i];
    if (!id.empty() && id.size() <= kMaxIdBytes && is_valid_utf8(id)) continue;
    return Error{ErrorCode::InvalidArgument, "id " + std::to_string(i) + " (" + shown(id) +
                                                 "): an id is valid UTF-8 of 1 to " +
                                                 std::to_string(kMaxIdBytes) + " bytes"};
  }
  return Done{};
}

}  // namespace

Status validate_vector(std::span<const float> vector) {
  double squares = 0;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    if (!std::isfinite(vector[i])) {
      const std::string value = std::isnan(vector[i]) ? "NaN"
                                : vector[i] > 0       ? "Infinity"
                                                      : "-Infinity";
      return Error{ErrorCode::InvalidArgument,
                   "component " + std::to_string(i) + " of the vector is " + value};
    }
    squares += double{vector[i]} * double{vector[i]};
  }
  if (squares > kMaxVectorLength * kMaxVectorLength) {
    return Error{ErrorCode::InvalidArgument,
                 "the vector is longer than 1e18: " + write_json(Json::number(std::sqrt(squares)))};
  }
  return Done{};
}

Status validate_operation(const Form& form, const PendingIds& pending, const Operation& operation) {
  switch (operation.kind) {
    case OperationKind::Write: return WriteCheck(form, pending, operation).run();
    case OperationKind::Remove: return validate_ids(operation);
    case OperationKind::Maintain:
    case OperationKind::Calibrate: return Done{};
  }
  return Done{};
}

Status validate_sample(const Form& form, std::span<const float> sample) {
  if (form.index == nullptr)
    return Error{ErrorCode::InvalidQuery, "the collection has no vectors to search"};
  const std::size_t dimension = form.options.dimension;
  if (sample.size() % dimension != 0) {
    return Error{ErrorCode::DimensionMismatch,
                 "a sample of vectors of " + std::to_string(dimension) +
                     " dimensions cannot have " + std::to_string(sample.size()) + " numbers"};
  }
  for (std::size_t at = 0; at < sample.size(); at += dimension) {
    if (Status checked = validate_vector(sample.subspan(at, dimension)); !checked) return checked;
  }
  return Done{};
}

}  // namespace corsac::collection

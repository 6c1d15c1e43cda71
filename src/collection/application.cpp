#include "collection/application.h"

#include <cassert>
#include <cstring>
#include <utility>

#include "base/json.h"

namespace corsac::collection {
namespace {

/// Bytes of text whose analysis costs about as much as one distance.
constexpr std::size_t kBytesPerUnit = 32;

}  // namespace

Application::Application(Form& form, Bytes bytes) : bytes_(std::move(bytes)) {
  Result<Operation> decoded = decode_operation(bytes_, form.options.dimension);
  assert(decoded.has_value());
  if (!decoded) return;
  operation_ = *std::move(decoded);
  if (form.index == nullptr) return;
  gather_vectors(form.options.dimension);
  if (vector_count_ > 0) form.index->begin_append(vectors_);
}

void Application::gather_vectors(std::size_t dimension) {
  for (const NewDocument& document : operation_.documents) vector_count_ += document.vector_count;
  vectors_.resize(vector_count_ * dimension);
  std::size_t at = 0;
  for (const NewDocument& document : operation_.documents) {
    if (document.vectors.empty()) continue;
    std::memcpy(vectors_.data() + at, document.vectors.data(), document.vectors.size());
    at += document.vectors.size() / sizeof(float);
  }
}

bool Application::step(Form& form, Budget& budget) {
  if (vector_count_ > 0 && !form.index->step(budget)) return false;
  // The index finds the new vectors from here on, so the rest may not wait for another slice.
  if (operation_.kind == OperationKind::Write) write(form, budget);
  if (operation_.kind == OperationKind::Remove) remove(form, budget);
  if (operation_.kind == OperationKind::Calibrate)
    form.calibration.set(operation_.curve_kind, std::move(operation_.curve));
  return true;
}

void Application::write(Form& form, Budget& budget) {
  for (const NewDocument& document : operation_.documents) {
    Arrival arrival{.id = document.id,
                    .content = document.content,
                    .metadata = document.metadata,
                    .parsed_metadata = {},
                    .vector_count = 0,
                    .keep_vectors = document.keep_vectors};
    if (form.index != nullptr) arrival.vector_count = document.vector_count;
    if (document.metadata) {
      if (Result<Json> parsed = parse_json(*document.metadata))
        arrival.parsed_metadata = *std::move(parsed);
    }
    form.take(arrival);
    budget.spend(1 + document.content.value_or("").size() / kBytesPerUnit);
  }
  if (vector_count_ > 0 && form.options.originals != Originals::None)
    form.originals.append(vectors_);
  affected_ = operation_.documents.size();
}

void Application::remove(Form& form, Budget& budget) {
  for (const std::string_view id : operation_.ids) {
    budget.spend(1);
    const std::optional<Ordinal> ordinal = form.ids.find(id);
    if (!ordinal) continue;
    form.drop(*ordinal);
    ++affected_;
  }
}

}  // namespace corsac::collection

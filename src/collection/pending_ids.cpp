#include "collection/pending_ids.h"

namespace corsac::collection {
namespace {

template <class Visit>
void for_each_id(const Operation& operation, Visit visit) {
  for (const NewDocument& document : operation.documents) visit(document.id);
  for (const std::string_view id : operation.ids) visit(id);
}

}  // namespace

std::optional<bool> PendingIds::exists(std::string_view id) const {
  const auto found = fates_.find(id);
  if (found == fates_.end()) return std::nullopt;
  return found->second.exists;
}

void PendingIds::add(const Operation& operation) {
  const Fate fate{operation.kind == OperationKind::Write, ++added_};
  documents_ += operation.documents.size();
  for_each_id(operation, [&](std::string_view id) {
    const auto found = fates_.find(id);
    if (found == fates_.end()) {
      fates_.emplace(id, fate);
    } else {
      found->second = fate;
    }
  });
}

void PendingIds::applied(const Operation& operation) {
  if (applied_ == added_) return;  // It was never validated here: a log is replayed.
  ++applied_;
  documents_ -= operation.documents.size();
  for_each_id(operation, [&](std::string_view id) {
    const auto found = fates_.find(id);
    if (found != fates_.end() && found->second.sequence <= applied_) fates_.erase(found);
  });
}

void PendingIds::clear() {
  fates_.clear();
  applied_ = added_;
  documents_ = 0;
}

}  // namespace corsac::collection

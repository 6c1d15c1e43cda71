#include "collection/pending_ids.h"

#include <utility>

namespace corsac::collection {

template <class Visit>
void PendingIds::for_each_id(const Remembered& operation, Visit visit) {
  std::size_t start = 0;
  for (const std::size_t end : operation.ends) {
    visit(std::string_view(operation.ids).substr(start, end - start));
    start = end;
  }
}

std::optional<bool> PendingIds::exists(std::string_view id) const {
  const auto found = fates_.find(id);
  if (found == fates_.end()) return std::nullopt;
  return found->second.exists;
}

void PendingIds::add(const Operation& operation) {
  Remembered remembered{operation.kind == OperationKind::Write, {}, {}};
  const auto remember = [&](std::string_view id) {
    remembered.ids.append(id);
    remembered.ends.push_back(remembered.ids.size());
  };
  for (const NewDocument& document : operation.documents) remember(document.id);
  for (const std::string_view id : operation.ids) remember(id);
  operations_.push_back(std::move(remembered));
  decide(operations_.back(), applied_ + operations_.size());
}

void PendingIds::decide(const Remembered& operation, std::uint64_t sequence) {
  if (operation.exists) documents_ += operation.ends.size();
  const Fate fate{operation.exists, sequence};
  for_each_id(operation, [&](std::string_view id) {
    const auto found = fates_.find(id);
    if (found == fates_.end()) {
      fates_.emplace(id, fate);
    } else {
      found->second = fate;
    }
  });
}

void PendingIds::applied() {
  if (operations_.empty()) return;  // A log is replayed.
  ++applied_;
  const Remembered& oldest = operations_.front();
  if (oldest.exists) documents_ -= oldest.ends.size();
  for_each_id(oldest, [&](std::string_view id) {
    const auto found = fates_.find(id);
    if (found != fates_.end() && found->second.sequence <= applied_) fates_.erase(found);
  });
  operations_.pop_front();
}

void PendingIds::keep_oldest(std::size_t count) {
  if (count >= operations_.size()) return;
  operations_.resize(count);
  fates_.clear();
  documents_ = 0;
  for (std::size_t i = 0; i < count; ++i) decide(operations_[i], applied_ + i + 1);
}

}  // namespace corsac::collection

#include "storage/change_set.h"

namespace corsac::storage {

void ChangeSet::append(SectionId id, ByteView tail) {
  if (tail.empty()) return;
  Change& change = changes_[id];
  change.kind = SectionKind::AppendOnly;
  change.content.insert(change.content.end(), tail.begin(), tail.end());
}

void ChangeSet::replace(SectionId id, ByteView content) {
  Change& change = changes_[id];
  change.kind = SectionKind::DeltaArray;
  change.replaced = true;
  change.content.assign(content.begin(), content.end());
}

void ChangeSet::patch(SectionId id, ByteView changes) {
  Change& change = changes_[id];
  change.kind = SectionKind::DeltaArray;
  change.content.insert(change.content.end(), changes.begin(), changes.end());
}

void ChangeSet::add_segment(SectionId id, std::uint64_t key, ByteView content) {
  Change& change = changes_[id];
  change.kind = SectionKind::Segment;
  change.added[key].assign(content.begin(), content.end());
}

void ChangeSet::drop_segment(SectionId id, std::uint64_t key) {
  Change& change = changes_[id];
  change.kind = SectionKind::Segment;
  if (change.added.erase(key) == 0) change.dropped.insert(key);
}

void ChangeSet::restart(SectionId id) {
  Change fresh;
  fresh.restarted = true;
  changes_[id] = std::move(fresh);
}

const ChangeSet::Change* ChangeSet::find(SectionId id) const {
  const auto found = changes_.find(id);
  return found == changes_.end() ? nullptr : &found->second;
}

}  // namespace corsac::storage

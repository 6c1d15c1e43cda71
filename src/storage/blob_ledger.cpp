#include "storage/blob_ledger.h"

#include <algorithm>

namespace corsac::storage {

std::vector<BlobLedger::Touch> BlobLedger::touches(const std::vector<Effect>& effects) const {
  std::vector<Touch> out;
  for (const Effect& effect : effects) {
    if (effect.kind == EffectKind::Root) continue;
    const auto key = parse_name(collection_, effect.name);
    if (key) out.push_back({*key, effect.kind, effect.offset + effect.bytes.size()});
  }
  return out;
}

void BlobLedger::settle(const std::vector<Touch>& touches, bool stored) {
  for (const Touch& touch : touches) {
    if (touch.kind != EffectKind::Delete) {
      blobs_[touch.key] = stored ? touch.end : kUnknownLength;
    } else if (stored) {
      blobs_.erase(touch.key);
    }
  }
}

void BlobLedger::retain(const std::vector<Snapshot>& snapshots) {
  needed_.clear();
  first_segment_ = std::numeric_limits<std::uint64_t>::max();
  extend(snapshots);
}

void BlobLedger::extend(const std::vector<Snapshot>& snapshots) {
  for (const Snapshot& snapshot : snapshots) {
    first_segment_ = std::min(first_segment_, snapshot.log.first_segment);
    for (const BlobRef& blob : snapshot.blobs)
      needed_.insert({.is_segment = false, .number = blob.number});
  }
}

std::vector<Effect> BlobLedger::deletes() const {
  std::vector<Effect> out;
  for (const auto& [key, length] : blobs_) {
    const bool needed = key.is_segment ? key.number >= first_segment_ : needed_.contains(key);
    if (!needed) out.push_back({EffectKind::Delete, name_of(collection_, key), 0, {}});
  }
  return out;
}

std::map<std::uint64_t, std::uint64_t> BlobLedger::blob_lengths() const {
  std::map<std::uint64_t, std::uint64_t> out;
  for (const auto& [key, length] : blobs_) {
    if (!key.is_segment && length != kUnknownLength) out[key.number] = length;
  }
  return out;
}

std::uint64_t BlobLedger::segment_bytes(std::uint64_t first) const noexcept {
  std::uint64_t total = 0;
  for (const auto& [key, length] : blobs_) {
    if (key.is_segment && key.number >= first && length != kUnknownLength) total += length;
  }
  return total;
}

std::uint64_t BlobLedger::segment_count(std::uint64_t first) const noexcept {
  return static_cast<std::uint64_t>(std::ranges::count_if(blobs_, [&](const auto& blob) {
    return blob.first.is_segment && blob.first.number >= first;
  }));
}

std::uint64_t BlobLedger::next_blob() const noexcept {
  std::uint64_t next = 1;
  for (const auto& [key, length] : blobs_) {
    if (!key.is_segment) next = std::max(next, key.number + 1);
  }
  return next;
}

}  // namespace corsac::storage

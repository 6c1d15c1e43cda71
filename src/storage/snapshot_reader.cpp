#include "storage/snapshot_reader.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace corsac::storage {

ByteView SnapshotSource::section(SectionId id) const {
  const auto found = content_.find(id);
  return found == content_.end() ? ByteView() : ByteView(found->second);
}

std::vector<SegmentView> SnapshotSource::segments(SectionId id) const {
  std::vector<SegmentView> out;
  const auto found = segments_.find(id);
  if (found == segments_.end()) return out;
  for (const auto& [key, bytes] : found->second) out.push_back({key, bytes});
  return out;
}

std::uint64_t SnapshotSource::length(SectionId id) const {
  const auto found = lengths_.find(id);
  return found == lengths_.end() ? 0 : found->second;
}

std::map<SectionId, Checksum128> SnapshotSource::contents() const {
  std::map<SectionId, Checksum128> out;
  for (const auto& [id, is_delta] : is_delta_) {
    if (is_delta) out[id] = checksum128(section(id));
  }
  return out;
}

SnapshotReader::SnapshotReader(std::uint32_t collection, const Snapshot& snapshot)
    : collection_(collection), snapshot_(snapshot) {
  for (const BlobRef& blob : snapshot.blobs) {
    source_.lengths_[blob.section] += blob.raw_bytes;
    if (blob.stored_bytes == 0) source_.segments_[blob.section][blob.key] = {};
  }
  skip_unread();
}

Status SnapshotReader::check_lengths(const BlobLengths& blobs) const {
  for (const BlobRef& blob : snapshot_.blobs) {
    if (blob.stored_bytes == 0) continue;
    const auto found = blobs.find({.is_segment = false, .number = blob.number});
    if (found == blobs.end()) {
      return Error{ErrorCode::DataLoss,
                   "blob \"" + blob_name(collection_, blob.number) + "\" is missing"};
    }
    const bool may_be_longer = blob.kind != SectionKind::Segment;
    if (found->second < blob.stored_bytes ||
        (!may_be_longer && found->second != blob.stored_bytes)) {
      return Error{ErrorCode::Corrupt, "blob \"" + blob_name(collection_, blob.number) + "\" has " +
                                           std::to_string(found->second) +
                                           " bytes, the root names " +
                                           std::to_string(blob.stored_bytes)};
    }
  }
  return Done{};
}

// Moves to the next blob that is read, and makes room for what it holds.
void SnapshotReader::skip_unread() {
  const auto unread = [](const BlobRef& blob) {
    return blob.form == BlobForm::Raw || blob.stored_bytes == 0;
  };
  while (blob_ < snapshot_.blobs.size() && unread(snapshot_.blobs[blob_])) ++blob_;
  at_ = 0;
  chunks_ = {};
  if (blob_ < snapshot_.blobs.size()) before_ = target(snapshot_.blobs[blob_]).size();
}

Bytes& SnapshotReader::target(const BlobRef& blob) {
  if (blob.kind == SectionKind::Segment) return source_.segments_[blob.section][blob.key];
  source_.is_delta_[blob.section] = blob.kind == SectionKind::DeltaArray;
  return source_.content_[blob.section];
}

std::optional<ReadRequest> SnapshotReader::next() const {
  if (blob_ == snapshot_.blobs.size()) return std::nullopt;
  const BlobRef& blob = snapshot_.blobs[blob_];
  return ReadRequest{blob_name(collection_, blob.number), at_,
                     std::min(kReadBytes, blob.stored_bytes - at_)};
}

Status SnapshotReader::supply(ByteView bytes) {
  assert(blob_ < snapshot_.blobs.size());
  const BlobRef& blob = snapshot_.blobs[blob_];
  const std::uint64_t asked = std::min(kReadBytes, blob.stored_bytes - at_);
  if (bytes.size() != asked) {
    return Error{ErrorCode::Corrupt, "blob \"" + blob_name(collection_, blob.number) + "\" gave " +
                                         std::to_string(bytes.size()) + " of " +
                                         std::to_string(asked) + " bytes at " +
                                         std::to_string(at_)};
  }
  Bytes& out = target(blob);
  // Room for a blob of which most is plain; what claims more grows as it is read.
  if (at_ == 0 && blob.raw_bytes / 4 <= blob.stored_bytes)
    out.reserve(out.size() + static_cast<std::size_t>(blob.raw_bytes));
  const auto named = [&](const Error& error) {
    return Error{error.code,
                 "blob \"" + blob_name(collection_, blob.number) + "\": " + error.message};
  };
  if (const Status fed = chunks_.feed(bytes, out); !fed) return named(fed.error());
  at_ += asked;
  if (at_ < blob.stored_bytes) return Done{};
  if (const Status whole = chunks_.finish(blob.chain); !whole) return named(whole.error());
  if (out.size() - before_ != blob.raw_bytes) {
    return named({ErrorCode::Corrupt, "holds " + std::to_string(out.size() - before_) +
                                          " bytes, the root names " +
                                          std::to_string(blob.raw_bytes)});
  }
  ++blob_;
  skip_unread();
  return Done{};
}

double SnapshotReader::progress() const noexcept {
  if (snapshot_.blobs.empty()) return 1;
  return static_cast<double>(blob_) / static_cast<double>(snapshot_.blobs.size());
}

Status SnapshotReader::check_pieces() {
  assert(!next());
  Result<PieceChecks> checks = PieceChecks::decode(source_.section(SectionId::Checks));
  if (!checks) return checks.error();
  source_.checks_ = *std::move(checks);
  std::map<SectionId, std::uint64_t> at;
  for (const BlobRef& blob : snapshot_.blobs) {
    if (blob.form != BlobForm::Raw) continue;
    std::uint64_t& begin = at[blob.section];
    const auto chain = source_.checks_.chain(blob.section, {begin, begin + blob.raw_bytes});
    if (!chain || *chain != blob.chain) {
      return Error{ErrorCode::Corrupt, "the piece checksums of blob \"" +
                                           blob_name(collection_, blob.number) +
                                           "\" are not the ones that the root names"};
    }
    begin += blob.raw_bytes;
  }
  return Done{};
}

}  // namespace corsac::storage

#include "storage/tail_merge.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>

#include "storage/blob_names.h"
#include "storage/chunk_reader.h"

namespace corsac::storage {
namespace {

// The cheapest run that brings `blobs` down to half of what is allowed, or as far as kMaxMergeBytes
// goes.
TailMerge cheapest_run(const std::vector<BlobRef>& blobs) {
  TailMerge best;
  std::uint64_t best_bytes = std::numeric_limits<std::uint64_t>::max();
  const std::size_t wanted = blobs.size() - kMaxSectionBlobs / 2;
  for (std::size_t length = wanted; length >= 2 && best.blobs.empty(); --length) {
    for (std::size_t first = 0; first + length <= blobs.size(); ++first) {
      std::uint64_t bytes = 0;
      for (std::size_t i = first; i < first + length; ++i) bytes += blobs[i].stored_bytes;
      if (bytes > kMaxMergeBytes || bytes >= best_bytes) continue;
      best_bytes = bytes;
      best.blobs.clear();
      for (std::size_t i = first; i < first + length; ++i) best.blobs.push_back(blobs[i].number);
    }
  }
  best.section = blobs.front().section;
  return best;
}

}  // namespace

std::vector<TailMerge> plan_tail_merges(const Snapshot& snapshot) {
  std::map<SectionId, std::vector<BlobRef>> sections;
  for (const BlobRef& blob : snapshot.blobs) {
    if (blob.kind != SectionKind::Segment) sections[blob.section].push_back(blob);
  }
  std::vector<TailMerge> out;
  for (const auto& [id, blobs] : sections) {
    if (blobs.size() <= kMaxSectionBlobs) continue;
    TailMerge merge = cheapest_run(blobs);
    if (!merge.blobs.empty()) out.push_back(std::move(merge));
  }
  return out;
}

TailMergeReader::TailMergeReader(std::uint32_t collection, const Snapshot& snapshot)
    : collection_(collection), refs_(snapshot.blobs), merges_(plan_tail_merges(snapshot)) {}

const BlobRef& TailMergeReader::current() const {
  return *std::ranges::find(refs_, merges_[merge_].blobs[blob_], &BlobRef::number);
}

std::optional<ReadRequest> TailMergeReader::next() const {
  if (merge_ == merges_.size()) return std::nullopt;
  const BlobRef& blob = current();
  return ReadRequest{blob_name(collection_, blob.number), 0, blob.stored_bytes};
}

bool TailMergeReader::append(ByteView bytes, const PieceChecks& checks) {
  const BlobRef& blob = current();
  Bytes& raw = merges_[merge_].raw;
  const std::size_t before = raw.size();
  if (bytes.size() != blob.stored_bytes) return false;
  if (blob.form == BlobForm::Raw) {
    std::uint64_t begin = 0;
    for (const BlobRef& ref : refs_) {
      if (ref.number == blob.number) break;
      begin += ref.section == blob.section ? ref.raw_bytes : 0;
    }
    if (!checks.check(blob.section, begin, bytes)) return false;
    raw.insert(raw.end(), bytes.begin(), bytes.end());
    return true;
  }
  ChunkReader reader;
  return reader.feed(bytes, raw).has_value() && reader.finish(blob.chain).has_value() &&
         raw.size() - before == blob.raw_bytes;
}

void TailMergeReader::supply(ByteView bytes, const PieceChecks& checks) {
  assert(merge_ < merges_.size());
  if (!append(bytes, checks)) {
    merges_.erase(merges_.begin() + static_cast<std::ptrdiff_t>(merge_));
    blob_ = 0;
  } else if (++blob_ == merges_[merge_].blobs.size()) {
    ++merge_;
    blob_ = 0;
  }
}

std::vector<TailMerge> TailMergeReader::take() && { return std::move(merges_); }

}  // namespace corsac::storage

#include "storage/checkpoint_writer.h"

#include <algorithm>
#include <cassert>

#include "storage/blob_names.h"
#include "storage/chunk_format.h"

namespace corsac::storage {

CheckpointWriter::CheckpointWriter(const CheckpointInput& input)
    : collection_(input.collection),
      checks_(input.checks),
      codec_(input.codec),
      next_blob_(input.next_blob),
      blobs_(input.base.blobs),
      contents_(input.contents) {
  plan(input);
}

void CheckpointWriter::plan(const CheckpointInput& input) {
  for (const TailMerge& merge : input.merges) {
    const ChangeSet::Change* change = input.changes.find(merge.section);
    if (change == nullptr || !(change->restarted || change->replaced)) plan_merge(merge);
  }
  for (const auto& [id, change] : input.changes.changes()) {
    if (change.restarted) erase(id);
    switch (change.kind) {
      case SectionKind::AppendOnly: plan_tail(input, id, change); break;
      case SectionKind::DeltaArray: plan_delta(input, id, change); break;
      case SectionKind::Segment: plan_segments(id, change); break;
    }
  }
}

// Before anything else: a tail may then grow the blob that a merge makes, which is not written yet,
// so it does not.
void CheckpointWriter::plan_merge(const TailMerge& merge) {
  const auto first = std::ranges::find(blobs_, merge.blobs.front(), &BlobRef::number);
  if (first == blobs_.end()) return;
  const std::ptrdiff_t at = first - blobs_.begin();
  const BlobRef merged{
      .section = merge.section, .kind = first->kind, .form = first->form, .chain = {}};
  std::erase_if(blobs_, [&](const BlobRef& blob) {
    return std::ranges::find(merge.blobs, blob.number) != merge.blobs.end();
  });
  add_job(merged, merge.raw);
  std::rotate(blobs_.begin() + at, blobs_.end() - 1, blobs_.end());
}

void CheckpointWriter::plan_tail(const CheckpointInput& input, SectionId id,
                                 const ChangeSet::Change& change) {
  const ByteView tail = change.content;
  if (tail.empty()) return;
  const auto last = std::find_if(blobs_.rbegin(), blobs_.rend(),
                                 [&](const BlobRef& b) { return b.section == id; });
  if (last != blobs_.rend() && last->stored_bytes < kMaxGrownBytes) {
    const auto length = input.lengths.find(last->number);
    if (length != input.lengths.end() && length->second == last->stored_bytes) {
      jobs_.push_back({last->number, id, tail, ChunkWriter(codec_, last->chain)});
      return;
    }
  }
  const BlobForm form = is_resident(id) ? BlobForm::Chunks : BlobForm::Raw;
  add_job({.section = id, .kind = change.kind, .form = form, .chain = {}}, tail);
}

void CheckpointWriter::plan_delta(const CheckpointInput& input, SectionId id,
                                  const ChangeSet::Change& change) {
  if (!change.replaced) {
    if (!change.content.empty()) contents_.erase(id);  // what is stored together is not known
    return plan_tail(input, id, change);
  }
  const ByteView content = change.content;
  const Checksum128 checksum = checksum128(content);
  const bool stored =
      std::ranges::any_of(blobs_, [&](const BlobRef& blob) { return blob.section == id; });
  const auto known = contents_.find(id);
  if (stored && known != contents_.end() && known->second == checksum) return;
  erase(id);
  contents_[id] = checksum;
  if (!content.empty())
    add_job({.section = id, .kind = SectionKind::DeltaArray, .chain = {}}, content);
}

void CheckpointWriter::plan_segments(SectionId id, const ChangeSet::Change& change) {
  std::erase_if(blobs_, [&](const BlobRef& blob) {
    return blob.section == id && change.dropped.contains(blob.key);
  });
  for (const auto& [key, content] : change.added) {
    BlobRef blob{.section = id, .kind = SectionKind::Segment, .key = key, .chain = {}};
    if (content.empty()) {
      blobs_.push_back(blob);
    } else {
      add_job(blob, content);
    }
  }
}

void CheckpointWriter::add_job(BlobRef blob, ByteView raw) {
  blob.number = next_blob_++;
  jobs_.push_back({blob.number, blob.section, raw, ChunkWriter(codec_)});
  blobs_.push_back(blob);
}

void CheckpointWriter::erase(SectionId id) {
  contents_.erase(id);
  std::erase_if(blobs_, [&](const BlobRef& blob) { return blob.section == id; });
}

Effect CheckpointWriter::next_effect(Job& job) {
  BlobRef& blob = *std::ranges::find(blobs_, job.blob, &BlobRef::number);
  const ByteView piece = job.raw.first(std::min(job.raw.size(), kMaxChunkRaw));
  job.raw = job.raw.subspan(piece.size());
  Effect effect;
  effect.kind = blob.stored_bytes == 0 ? EffectKind::Put : EffectKind::Append;
  effect.name = blob_name(collection_, blob.number);
  effect.offset = blob.stored_bytes;
  effect.bytes =
      blob.form == BlobForm::Raw ? Bytes(piece.begin(), piece.end()) : job.writer.encode(piece);
  blob.stored_bytes += effect.bytes.size();
  blob.raw_bytes += piece.size();
  if (blob.form == BlobForm::Chunks) {
    blob.chain = job.writer.chain();
    if (job.writer.compressed()) blob.codec = codec_;
  }
  count(blob.section, piece.size(), effect.bytes.size());
  return effect;
}

std::vector<Effect> CheckpointWriter::next() {
  std::vector<Effect> out;
  const SectionId section = done() ? SectionId::Meta : jobs_[job_].section;
  for (std::size_t bytes = 0; !done() && bytes < kBatchBytes && jobs_[job_].section == section;) {
    out.push_back(next_effect(jobs_[job_]));
    bytes += out.back().bytes.size();
    if (jobs_[job_].raw.empty()) ++job_;
  }
  if (!done()) return out;
  std::map<SectionId, std::uint64_t> at;
  for (BlobRef& blob : blobs_) {
    std::uint64_t& begin = at[blob.section];
    if (blob.form == BlobForm::Raw) {
      const auto chain = checks_.chain(blob.section, {begin, begin + blob.raw_bytes});
      assert(chain);
      blob.chain = chain.value_or(Checksum128{});
    }
    begin += blob.raw_bytes;
  }
  return out;
}

void CheckpointWriter::count(SectionId id, std::uint64_t raw, std::uint64_t stored) {
  report_.raw_bytes += raw;
  report_.stored_bytes += stored;
  const auto found = std::ranges::find(report_.sections, id, &CheckpointReport::Section::id);
  if (found == report_.sections.end()) {
    report_.sections.push_back({id, raw, stored});
  } else {
    found->raw_bytes += raw;
    found->stored_bytes += stored;
  }
}

}  // namespace corsac::storage

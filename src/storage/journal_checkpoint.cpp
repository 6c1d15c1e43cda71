// The checkpoint of a Journal: blobs first, made durable; then the root that names them; then the
// deletes.
#include <algorithm>
#include <cassert>

#include "storage/journal.h"

namespace corsac::storage {

void Journal::begin_checkpoint() {
  forget_unconfirmed();
  assert(phase_ == Phase::Idle && log_batch_.kind == Outstanding::Nothing && prepared_.empty());
  checkpoint_error_.reset();
  changes_.replace(SectionId::Clients, clients_.encode());
  next_checks_ = checks_;
  bool pieces_changed = false;
  for (const auto& [id, change] : changes_.changes()) {
    if (is_resident(id)) continue;
    if (change.restarted) next_checks_.restart(id);
    next_checks_.append(id, change.content);
    pieces_changed = true;
  }
  if (pieces_changed) changes_.replace(SectionId::Checks, next_checks_.encode());
  next_start_ = {writer_.sequence(), writer_.next_segment(), writer_.chain()};
  next_end_ = log_end();
  seal_due_ = false;  // the new root seals it
  writer_.rotate();
  blob_writer_.emplace(CheckpointInput{.collection = identity_.collection,
                                       .base = snapshots_.front(),
                                       .changes = changes_,
                                       .checks = next_checks_,
                                       .merges = merges_,
                                       .codec = options_.checkpoint_codec,
                                       .lengths = ledger_.blob_lengths(),
                                       .contents = contents_,
                                       .next_blob = next_blob_});
  next_blob_ = blob_writer_->next_blob();
  phase_ = has_segment_ || anchored_ ? Phase::Blobs : Phase::Anchor;
}

std::optional<EffectBatch> Journal::next_checkpoint_batch() {
  EffectBatch batch;
  if (phase_ == Phase::Anchor) {
    batch.effects = writer_.start_segment();
    batch.strict = true;
    checkpoint_touches_ = ledger_.touches(batch.effects);
    return batch;
  }
  if (phase_ == Phase::Blobs) {
    checkpoint_blobs(batch);
    // Everything that the root will name is durable before it: even an empty batch serves that end.
    if (!batch.effects.empty() || writer_.durable() < next_start_.sequence || !anchored_)
      return batch;
    phase_ = Phase::Switch;
  }
  if (phase_ == Phase::Switch) {
    if (switch_root(batch)) return batch;
    phase_ = Phase::Idle;
    blob_writer_.reset();
    return std::nullopt;
  }
  if (phase_ == Phase::Deletes) {
    batch.effects = ledger_.deletes();
    if (!batch.effects.empty()) {
      checkpoint_touches_ = ledger_.touches(batch.effects);
      return batch;
    }
    phase_ = Phase::Idle;
  }
  return std::nullopt;
}

void Journal::checkpoint_blobs(EffectBatch& batch) {
  if (!blob_writer_->done() || blob_writer_->report().raw_bytes == 0)
    batch.effects = blob_writer_->next();
  batch.strict = blob_writer_->done();
  checkpoint_touches_ = ledger_.touches(batch.effects);
}

bool Journal::switch_root(EffectBatch& batch) {
  std::vector<Snapshot> snapshots{{next_start_, blob_writer_->blobs()}, snapshots_.front()};
  Root root = make_root(std::move(snapshots), next_end_);
  Result<Bytes> bytes = encode_root(root);
  if (!bytes && root.snapshots.size() > 1) {
    // Two generations do not fit: one is better than none.
    root.snapshots.resize(1);
    bytes = encode_root(root);
  }
  if (!bytes) {
    checkpoint_error_ = bytes.error();
    return false;
  }
  batch.effects.push_back(
      {EffectKind::Root, root_name(identity_.collection), root.generation % 2, *std::move(bytes)});
  batch.strict = true;
  next_root_ = std::move(root);
  return true;
}

void Journal::batch_stored() {
  if (is_session_batch()) {
    wrote_ = wrote_ && log_batch_.kind != Outstanding::Close;
    return settle_log(true, true);
  }
  ledger_.settle(checkpoint_touches_, true);
  checkpoint_touches_.clear();
  switch (phase_) {
    case Phase::Idle: break;
    case Phase::Anchor:
      writer_.stored();
      has_segment_ = anchored_ = true;
      phase_ = Phase::Blobs;
      break;
    case Phase::Blobs:
      if (!blob_writer_->done()) break;
      writer_.set_durable(next_start_.sequence);
      anchored_ = true;
      phase_ = Phase::Switch;
      break;
    case Phase::Switch: switched(); break;
    case Phase::Deletes: phase_ = Phase::Idle; break;
  }
}

void Journal::switched() {
  root_stored(*next_root_);
  snapshots_ = std::move(next_root_->snapshots);
  next_root_.reset();
  checks_ = std::move(next_checks_);
  contents_ = blob_writer_->contents();
  report_ = blob_writer_->report();
  blob_writer_.reset();
  changes_.clear();
  merges_.clear();
  wrote_ = writer_.sequence() > next_start_.sequence;
  ++checkpoints_;
  phase_ = Phase::Deletes;
}

void Journal::checkpoint_failed() {
  if (is_session_batch()) return settle_log(false, false);
  ledger_.settle(checkpoint_touches_, false);
  checkpoint_touches_.clear();
  if (phase_ == Phase::Anchor) writer_.failed();
  if (next_root_) root_failed(*next_root_);
  next_root_.reset();
  blob_writer_.reset();
  phase_ = Phase::Idle;
}

}  // namespace corsac::storage

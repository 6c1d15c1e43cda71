#include "storage/journal.h"

#include <algorithm>
#include <cassert>

namespace corsac::storage {

Journal::Journal(const LogIdentity& identity, const DurableOptions& options, Recovered&& recovered,
                 ClientTable clients)
    : identity_(identity),
      options_(options),
      writer_(identity, recovered.log.end, options.segment_bytes),
      clients_(std::move(clients)),
      ledger_(identity.collection, std::move(recovered.blobs)),
      merges_(std::move(recovered.merges)),
      checks_(recovered.source.checks()),
      contents_(recovered.source.contents()),
      next_blob_(ledger_.next_blob()),
      end_length_(recovered.log.good_length) {
  // What either readable root may need stays until a newer one is durable.
  ledger_.retain({recovered.snapshot});
  for (const Root& root : recovered.roots) {
    ledger_.extend(root.snapshots);
    next_blob_ = std::max(next_blob_, root.next_blob);
  }
  snapshots_.push_back(std::move(recovered.snapshot));
  if (!recovered.roots.empty()) {
    const Root& newest = recovered.roots.front();
    generation_ = newest.generation;
    if (recovered.newest && newest.snapshots.size() > 1) snapshots_.push_back(newest.snapshots[1]);
    seal_due_ = recovered.log.torn;
  }
  writer_.set_durable(recovered.log.durable);
  has_segment_ = recovered.log.segments > 0;
  anchored_ = generation_ > 0 || recovered.log.durable > 0;
}

bool Journal::knows(std::uint64_t client, std::uint64_t number) const {
  return clients_.applied(client, number) || waiting_.contains({client, number});
}

void Journal::prepare(LogRecord record) {
  if (record.client != 0) waiting_.insert({record.client, record.number});
  prepared_.push_back(std::move(record));
}

Root Journal::make_root(std::vector<Snapshot> snapshots, const LogSeal& end) const {
  if (snapshots.size() > options_.keep) snapshots.resize(std::max<std::size_t>(options_.keep, 1));
  return {.store = identity_.store,
          .collection = identity_.collection,
          .generation = generation_ + 1,
          .epoch = identity_.epoch,
          .next_blob = next_blob_,
          .next_segment = writer_.next_segment(),
          .durable = writer_.durable(),
          .end = end,
          .end_length = end_length_,
          .snapshots = std::move(snapshots)};
}

void Journal::root_stored(const Root& root) {
  generation_ = root.generation;
  ledger_.retain(root.snapshots);
  seal_due_ = false;
}

// It may be in the home all the same: what it names stays, and the next one goes to the same slot.
void Journal::root_failed(const Root& root) {
  ledger_.extend(root.snapshots);
  writer_.rotate();
}

EffectBatch Journal::send(Outstanding kind, std::vector<Effect> effects, std::optional<Root> root,
                          bool strict) {
  EffectBatch batch;
  log_batch_ = {
      .kind = kind, .touches = {}, .root = {}, .strict = strict, .has_frames = !effects.empty()};
  if (root) {
    // One that does not fit is left out: the header of the next segment says the same.
    if (Result<Bytes> bytes = encode_root(*root)) {
      batch.effects.push_back({EffectKind::Root, root_name(identity_.collection),
                               root->generation % 2, *std::move(bytes)});
      log_batch_.root = std::move(root);
      log_batch_.strict = true;
    }
  }
  std::ranges::move(effects, std::back_inserter(batch.effects));
  if (phase_ == Phase::Idle)
    std::ranges::move(ledger_.deletes(), std::back_inserter(batch.effects));
  log_batch_.touches = ledger_.touches(batch.effects);
  batch.strict = log_batch_.strict;
  return batch;
}

void Journal::settle_log(bool stored, bool strict) {
  ledger_.settle(log_batch_.touches, stored);
  if (writer_.outstanding()) {
    if (stored) {
      writer_.stored();
      cut_due_ = false;
      has_segment_ = true;
    } else {
      writer_.failed();
    }
  }
  if (stored && log_batch_.has_frames) end_length_ = writer_.segment_length();
  if (stored && (strict || log_batch_.strict)) {
    writer_.set_durable(writer_.sequence());
    anchored_ = anchored_ || has_segment_;
  }
  if (log_batch_.root) {
    if (stored) {
      root_stored(*log_batch_.root);
    } else {
      root_failed(*log_batch_.root);
    }
  }
  log_batch_ = {};
}

void Journal::forget_unconfirmed() {
  if (is_session_batch()) settle_log(false, false);
}

EffectBatch Journal::take_group(bool strict) {
  forget_unconfirmed();
  assert(log_batch_.kind == Outstanding::Nothing && taken_.empty());
  if (prepared_.empty()) return {};
  std::optional<Root> root;
  if (seal_due_) root = make_root(snapshots_, log_end());
  taken_ = std::move(prepared_);
  prepared_.clear();
  // What cuts off a failed group must not be lost again: the failed one would come back in its
  // place.
  return send(Outstanding::Group, writer_.write(taken_), std::move(root),
              strict || !anchored_ || cut_due_);
}

std::vector<LogRecord> Journal::group_stored(bool strict) {
  settle_log(true, strict);
  wrote_ = wrote_ || !taken_.empty();
  for (const LogRecord& record : taken_) {
    clients_.record(record.client, record.number);
    waiting_.erase({record.client, record.number});
  }
  return std::exchange(taken_, {});
}

void Journal::group_failed() {
  cut_due_ = cut_due_ || !taken_.empty();
  settle_log(false, false);
  for (const LogRecord& record : taken_) waiting_.erase({record.client, record.number});
  taken_.clear();
}

EffectBatch Journal::flush() {
  forget_unconfirmed();
  assert(log_batch_.kind == Outstanding::Nothing);
  std::vector<Effect> effects;
  if (cut_due_) effects = writer_.start_segment();
  if (effects.empty() && writer_.durable() == writer_.sequence()) return {};
  return send(Outstanding::Flush, std::move(effects), std::nullopt, true);
}

EffectBatch Journal::close() {
  forget_unconfirmed();
  assert(log_batch_.kind == Outstanding::Nothing && prepared_.empty() && phase_ == Phase::Idle);
  if (!wrote_ && !cut_due_) return {};
  std::vector<Effect> effects;
  if (writer_.sequence() > snapshots_.front().log.sequence || cut_due_)
    effects = writer_.write_marker(FrameType::Close);
  LogSeal end{writer_.next_segment() - 1, writer_.written_sequence()};
  std::optional<Root> root;
  if (anchored_) {
    root = make_root(snapshots_, end);
    root->clean = true;
  }
  EffectBatch batch = send(Outstanding::Close, std::move(effects), std::move(root), true);
  writer_.rotate();
  return batch;
}

std::optional<ReadRequest> Journal::locate(SectionId id, std::uint64_t offset,
                                           std::uint64_t length) const {
  const ChangeSet::Change* change = changes_.find(id);
  if (is_resident(id) || length == 0 || (change != nullptr && change->restarted))
    return std::nullopt;
  for (const BlobRef& blob : snapshots_.front().blobs) {
    if (blob.section != id) continue;
    if (offset < blob.raw_bytes) {
      return ReadRequest{blob_name(identity_.collection, blob.number), offset,
                         std::min(length, blob.raw_bytes - offset)};
    }
    offset -= blob.raw_bytes;
  }
  return std::nullopt;
}

std::optional<ReadRequest> Journal::locate_checked(SectionId id, std::uint64_t offset,
                                                   std::uint64_t length) const {
  auto found = locate(id, offset, length);
  if (!found) return found;
  // Pieces never cross blobs, so the offset within the blob moves as the one within the section
  // does.
  const PieceChecks::Range whole = checks_.cover(id, {offset, offset + found->length});
  found->offset -= offset - whole.begin;
  found->length = whole.end - whole.begin;
  return found;
}

Result<Bytes> Journal::check(SectionId id, std::uint64_t offset, std::uint64_t length,
                             ByteView read) const {
  const auto found = locate(id, offset, length);
  if (!found)
    return Error{ErrorCode::Corrupt, "offset " + std::to_string(offset) + " is not stored"};
  const PieceChecks::Range whole = checks_.cover(id, {offset, offset + found->length});
  if (read.size() != whole.end - whole.begin) {
    return Error{ErrorCode::Corrupt, std::to_string(read.size()) + " bytes were read of " +
                                         std::to_string(whole.end - whole.begin)};
  }
  if (const Status intact = checks_.check(id, whole.begin, read); !intact) return intact.error();
  const ByteView range = read.subspan(static_cast<std::size_t>(offset - whole.begin),
                                      static_cast<std::size_t>(found->length));
  return Bytes(range.begin(), range.end());
}

ByteView Journal::unsaved(SectionId id, std::uint64_t offset, std::uint64_t length) const {
  const ChangeSet::Change* change = changes_.find(id);
  if (change == nullptr) return {};
  const std::uint64_t stored = change->restarted ? 0 : snapshots_.front().raw_bytes(id);
  if (offset < stored || offset - stored > change->content.size()) return {};
  const ByteView rest =
      ByteView(change->content).subspan(static_cast<std::size_t>(offset - stored));
  return length > rest.size() ? ByteView() : rest.first(static_cast<std::size_t>(length));
}

std::uint64_t Journal::snapshot_bytes() const noexcept {
  std::uint64_t total = 0;
  for (const BlobRef& blob : snapshots_.front().blobs) total += blob.stored_bytes;
  return total;
}

}  // namespace corsac::storage

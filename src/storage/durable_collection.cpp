#include "storage/durable_collection.h"

#include <cassert>

#include "storage/durable_state.h"

namespace corsac::storage {
namespace {

// Every session starts a segment; this many since the last checkpoint are worth one.
constexpr std::uint64_t kMaxLogSegments = 64;

}  // namespace

DurableCollection::DurableCollection(std::unique_ptr<State> state) : state_(std::move(state)) {}
DurableCollection::~DurableCollection() = default;

collection::Collection& DurableCollection::collection() noexcept { return state_->collection; }
const OpenReport& DurableCollection::report() const noexcept { return state_->report; }

Result<bool> DurableCollection::prepare(Bytes operation, std::uint64_t client,
                                        std::uint64_t number) {
  if (state_->journal.knows(client, number)) return false;
  const Result<collection::Operation> decoded =
      collection::decode_operation(operation, state_->collection.options().dimension);
  if (!decoded) return decoded.error();
  if (const Status valid = state_->collection.validate(*decoded); !valid) return valid.error();
  state_->journal.prepare({.client = client, .number = number, .operation = std::move(operation)});
  return true;
}

EffectBatch DurableCollection::take_group(bool strict) {
  return state_->journal.take_group(strict);
}

void DurableCollection::group_stored(bool strict) {
  for (LogRecord& record : state_->journal.group_stored(strict))
    state_->waiting.push_back(std::move(record.operation));
}

void DurableCollection::group_failed() {
  state_->journal.group_failed();
  state_->collection.forget_validated(state_->waiting.size());
}

bool DurableCollection::apply(Budget& budget, std::vector<std::uint64_t>& affected) {
  State& state = *state_;
  while (!state.waiting.empty()) {
    if (!state.applying) state.collection.begin_apply(std::move(state.waiting.front()));
    state.applying = !state.collection.step(budget);
    if (state.applying) return false;
    state.waiting.pop_front();
    affected.push_back(state.collection.last_affected());
    state.count(affected.back());
    if (budget.spent() && !state.waiting.empty()) return false;
  }
  return true;
}

EffectBatch DurableCollection::flush() { return state_->journal.flush(); }

bool DurableCollection::needs_checkpoint() const noexcept {
  return state_->documents >= state_->options.checkpoint_operations ||
         state_->journal.log_bytes() >= state_->options.checkpoint_log_bytes ||
         state_->journal.log_segments() >= kMaxLogSegments;
}

void DurableCollection::begin_checkpoint() {
  assert(state_->waiting.empty() && !state_->applying && !state_->journal.has_prepared());
  state_->collection.save(state_->journal.changes());
  state_->checkpointed = state_->documents;
  state_->journal.begin_checkpoint();
}

std::optional<EffectBatch> DurableCollection::next_checkpoint_batch() {
  return state_->journal.next_checkpoint_batch();
}

void DurableCollection::batch_stored() {
  const std::uint64_t before = state_->journal.checkpoints();
  state_->journal.batch_stored();
  if (state_->journal.checkpoints() != before) state_->documents -= state_->checkpointed;
}

void DurableCollection::checkpoint_failed() { state_->journal.checkpoint_failed(); }

Status DurableCollection::checkpoint_status() const {
  if (const auto& error = state_->journal.checkpoint_error()) return *error;
  return Done{};
}

const CheckpointReport& DurableCollection::checkpoint_report() const noexcept {
  return state_->journal.checkpoint_report();
}

EffectBatch DurableCollection::close() { return state_->journal.close(); }

std::optional<ReadRequest> DurableCollection::locate(SectionId id, std::uint64_t offset,
                                                     std::uint64_t length) const {
  return state_->journal.locate(id, offset, length);
}

ByteView DurableCollection::unsaved(SectionId id, std::uint64_t offset,
                                    std::uint64_t length) const {
  return state_->journal.unsaved(id, offset, length);
}

std::optional<ReadRequest> DurableCollection::locate_checked(SectionId id, std::uint64_t offset,
                                                             std::uint64_t length) const {
  return state_->journal.locate_checked(id, offset, length);
}

Result<Bytes> DurableCollection::check(SectionId id, std::uint64_t offset, std::uint64_t length,
                                       ByteView read) const {
  return state_->journal.check(id, offset, length, read);
}

std::uint64_t DurableCollection::log_bytes() const noexcept { return state_->journal.log_bytes(); }
std::uint64_t DurableCollection::snapshot_bytes() const noexcept {
  return state_->journal.snapshot_bytes();
}
std::uint64_t DurableCollection::generation() const noexcept {
  return state_->journal.generation();
}

}  // namespace corsac::storage

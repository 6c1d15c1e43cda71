#include "collection/collection.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

#include "collection/application.h"
#include "collection/calibrator.h"
#include "collection/compaction.h"
#include "collection/form.h"
#include "collection/migration.h"
#include "collection/pending_ids.h"
#include "collection/query.h"
#include "collection/rebuild.h"
#include "collection/validate.h"

namespace corsac::collection {
namespace {

/// Fewer deleted documents than this are not worth the checkpoint that follows a compaction.
constexpr std::size_t kWorthCompacting = 256;
constexpr std::size_t kDeletedPercent = 30;

}  // namespace

struct Collection::State {
  explicit State(Form from) : form(std::move(from)) {}

  Form form;
  PendingIds pending;
  std::optional<Application> applying;
  std::uint64_t affected = 0;
  std::variant<std::monostate, Compaction, Migration> maintenance;
  std::optional<Calibrator> calibrator;

  Compaction* compaction() noexcept { return std::get_if<Compaction>(&maintenance); }
  Migration* migration() noexcept { return std::get_if<Migration>(&maintenance); }

  /// Tells the new form, if one is being built, what the old one has just taken.
  void finish_application() {
    pending.applied();
    affected = applying->affected();
    if (Migration* to = migration()) to->note(applying->vector_count());
    if (Compaction* to = compaction();
        to != nullptr && applying->operation().kind != OperationKind::Maintain) {
      to->note(std::move(*applying).take_bytes());
    }
    applying.reset();
  }
};

Collection::Collection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Collection::~Collection() = default;
Collection::Collection(Collection&&) noexcept = default;
Collection& Collection::operator=(Collection&&) noexcept = default;

Result<Collection> Collection::create(const CollectionOptions& options) {
  Result<Form> form = Form::create(options);
  if (!form) return form.error();
  return Collection(std::make_unique<State>(*std::move(form)));
}

Result<Collection> Collection::load(const CollectionOptions& options, const SectionSource& source) {
  Result<Form> form = Form::load(options, source);
  if (!form) return form.error();
  return Collection(std::make_unique<State>(*std::move(form)));
}

const CollectionOptions& Collection::options() const noexcept { return state_->form.options; }

// ---- change ---------------------------------------------------------------------------------

Status Collection::validate(const Operation& operation) {
  Status status = validate_operation(state_->form, state_->pending, operation);
  if (status) state_->pending.add(operation);
  return status;
}

void Collection::forget_validated(std::size_t kept) { state_->pending.keep_oldest(kept); }

void Collection::begin_apply(Bytes bytes) {
  assert(!state_->applying);
  state_->applying.emplace(state_->form, std::move(bytes));
}

bool Collection::step(Budget& budget) {
  State& state = *state_;
  if (!state.applying) return true;
  if (!state.applying->step(state.form, budget)) return false;
  state.finish_application();
  return true;
}

std::uint64_t Collection::last_affected() const noexcept { return state_->affected; }

// ---- maintenance ----------------------------------------------------------------------------

std::optional<Maintenance> Collection::due() const {
  if (maintaining()) return std::nullopt;
  const Form& form = state_->form;
  if (form.deleted_count >= kWorthCompacting &&
      form.deleted_count * 100 > form.size() * kDeletedPercent) {
    return Maintenance::Compaction;
  }
  if (form.index != nullptr && form.options.auto_index &&
      has_outgrown(form.options.index, form.index->live())) {
    return Maintenance::Migration;
  }
  return std::nullopt;
}

void Collection::begin_maintenance(Maintenance what) {
  State& state = *state_;
  assert(!maintaining() && !state.applying);
  if (what == Maintenance::Compaction) {
    state.maintenance.emplace<Compaction>(state.form);
  } else {
    assert(state.form.index != nullptr && state.form.options.auto_index &&
           state.form.options.index.kind == index::Kind::Flat);
    state.maintenance.emplace<Migration>(state.form);
  }
}

Status Collection::begin_rebuild(std::string_view json, std::vector<float> sample) {
  State& state = *state_;
  assert(!maintaining() && !state.applying);
  const Result<CollectionOptions> options = rebuilt_options(state.form, json, sample);
  if (!options) return options.error();
  state.maintenance.emplace<Compaction>(state.form, *options, std::move(sample));
  return Done{};
}

bool Collection::maintaining() const noexcept {
  return !std::holds_alternative<std::monostate>(state_->maintenance);
}

Collection::MaintenanceStep Collection::step_maintenance(Budget& budget) {
  State& state = *state_;
  MaintenanceStep out;
  if (Migration* migration = state.migration()) {
    migration->step(state.form, budget);
    out.finished = migration->caught_up();
    out.done = migration->done();
    out.total = migration->total();
  } else if (Compaction* compaction = state.compaction()) {
    Result<Compaction::Needs> needs = compaction->step(state.form, budget);
    if (needs) {
      out.blocks = std::move(needs->blocks);
      out.originals = std::move(needs->originals);
    } else {
      out.failed = needs.error();
    }
    out.finished = compaction->caught_up();
    out.done = compaction->done();
    out.total = compaction->total();
  }
  return out;
}

Status Collection::supply_originals(std::span<const Slot> slots, ByteView rows) {
  Compaction* compaction = state_->compaction();
  return compaction != nullptr ? compaction->supply(slots, rows) : Status(Done{});
}

void Collection::finish_maintenance() {
  State& state = *state_;
  assert(!state.applying);
  if (Migration* migration = state.migration()) std::move(*migration).finish(state.form);
  if (Compaction* compaction = state.compaction()) state.form = std::move(*compaction).finish();
  abandon_maintenance();
}

void Collection::abandon_maintenance() { state_->maintenance.emplace<std::monostate>(); }

// ---- calibration ----------------------------------------------------------------------------

bool Collection::needs_calibration() const noexcept {
  const Form& form = state_->form;
  return form.index != nullptr && form.options.index.kind == index::Kind::Hnsw &&
         form.index->live() > 1 && form.calibration.is_stale(form.index->live());
}

Status Collection::begin_calibration(std::vector<float> sample) {
  const Form& form = state_->form;
  if (Status checked = validate_sample(form, sample); !checked) return checked;
  state_->calibrator.emplace(form, std::move(sample));
  return Done{};
}

Collection::CalibrationStep Collection::step_calibration(Budget& budget) {
  Calibrator& calibrator = *state_->calibrator;
  const bool finished = calibrator.step(state_->form, budget);
  return {finished, calibrator.done(), calibrator.total()};
}

Bytes Collection::finish_calibration() {
  Operation operation;
  operation.kind = OperationKind::Calibrate;
  operation.curve_kind = state_->calibrator->kind();
  operation.curve = state_->calibrator->curve(state_->form);
  state_->calibrator.reset();
  return encode_operation(operation);
}

Collection::Target Collection::target(float recall) const noexcept {
  const Calibration& calibration = state_->form.calibration;
  const Curve& sample = calibration.curve(CurveKind::Sample);
  const Curve& curve = sample.empty() ? calibration.curve(CurveKind::Own) : sample;
  if (curve.empty()) return {};
  const std::uint32_t ef = calibration.ef_for(double{recall}, 10);
  return {ef, curve.recall_of(ef), curve.queries};
}

// ---- questions ------------------------------------------------------------------------------

bool Collection::has(std::string_view id) const { return find(id).has_value(); }

std::optional<Ordinal> Collection::find(std::string_view id) const {
  return state_->form.ids.find(id);
}

std::uint64_t Collection::count(const filter::Predicate* filter) const {
  return filter == nullptr ? state_->form.live()
                           : collection::matching(state_->form, filter).count();
}

std::vector<Ordinal> Collection::list(const filter::Predicate* filter, Ordinal after,
                                      std::size_t limit) const {
  const Form& form = state_->form;
  std::optional<Bitset> set;
  if (filter != nullptr) set = collection::matching(form, filter);
  std::vector<Ordinal> out;
  for (Ordinal ordinal = after == kNoOrdinal ? 0 : after + 1;
       ordinal < form.size() && out.size() < limit; ++ordinal) {
    if (set ? set->test(ordinal) : form.is_live(ordinal)) out.push_back(ordinal);
  }
  return out;
}

Result<SearchResult> Collection::search(const SearchRequest& request) const {
  return answer(state_->form, request);
}

std::string_view Collection::id(Ordinal ordinal) const { return state_->form.ids.id(ordinal); }

std::vector<float> Collection::stored_vector(Ordinal ordinal) const {
  const Form& form = state_->form;
  const SlotRange range = form.slots.of(ordinal);
  std::vector<float> out(std::size_t{range.count} * form.options.dimension);
  for (std::uint32_t i = 0; i < range.count; ++i) {
    form.index->decode(range.first + i,
                       std::span(out).subspan(i * form.options.dimension, form.options.dimension));
  }
  return out;
}

std::optional<std::pair<Slot, std::uint32_t>> Collection::slots(Ordinal ordinal) const {
  const SlotRange range = state_->form.slots.of(ordinal);
  if (range.count == 0) return std::nullopt;
  return std::pair(range.first, range.count);
}

bool Collection::original_in_memory(Slot slot, std::span<float> out) const {
  const Form& form = state_->form;
  return slot < form.originals.slots() && form.originals.copy(slot, out);
}

Result<Bitset> Collection::findable(const SearchRequest& request) const {
  return collection::findable(state_->form, request);
}

Bitset Collection::matching(const filter::Predicate* filter) const {
  return collection::matching(state_->form, filter);
}

std::vector<filter::ValueCount> Collection::commonest_values(std::string_view path,
                                                             const Bitset& documents,
                                                             std::size_t limit) const {
  return state_->form.filter.commonest(path, documents, limit);
}

std::vector<text::Highlight> Collection::highlight(const SearchRequest& request,
                                                   std::string_view content) const {
  const Form& form = state_->form;
  return form.text == nullptr ? std::vector<text::Highlight>()
                              : form.text->highlight(text_query(request), content);
}

const text::TextIndex* Collection::text() const noexcept { return state_->form.text.get(); }

// ---- documents ------------------------------------------------------------------------------

std::vector<document::BlockRange> Collection::missing_blocks(std::span<const Ordinal> ordinals) {
  return state_->form.documents.missing(ordinals);
}

Status Collection::supply_block(std::uint32_t block, ByteView stored) {
  return state_->form.documents.supply(block, stored);
}

Result<document::DocumentView> Collection::read(Ordinal ordinal) const {
  return state_->form.documents.read(ordinal);
}

void Collection::save(SectionSink& sink) {
  assert(!state_->applying);
  state_->form.save(sink);
}

Stats Collection::stats() const {
  const Form& form = state_->form;
  Stats out;
  out.documents = form.live();
  out.deleted = form.deleted_count;
  out.filter = form.filter.bytes();
  out.ids = form.ids.bytes() + form.slots.bytes() + form.deleted.words().size_bytes();
  out.originals = form.originals.bytes();
  out.document_cache = form.documents.resident_bytes();
  if (form.index != nullptr) {
    const index::IndexBytes bytes = form.index->bytes();
    out.vectors = form.index->live();
    out.codes = bytes.codes;
    out.rerank = bytes.rerank;
    out.graph = bytes.graph;
  }
  if (form.text != nullptr) {
    const text::TextBytes bytes = form.text->bytes();
    out.text = bytes.dictionary + bytes.postings + bytes.lengths;
  }
  return out;
}

}  // namespace corsac::collection

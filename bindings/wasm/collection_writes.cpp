#include "collection_writes.h"

#include "effects.h"
#include "workers.h"

namespace corsac::bindings {
val prepare(CollectionHandle& self, const val& operation, double client, double call) {
  return outcome(self.durable().prepare(bytes(operation), static_cast<std::uint64_t>(client),
                                        static_cast<std::uint64_t>(call)));
}

val take_group(CollectionHandle& self, bool strict) {
  return batch(self.durable().take_group(strict));
}

void group_stored(CollectionHandle& self, bool strict) { self.durable().group_stored(strict); }

void group_failed(CollectionHandle& self) { self.durable().group_failed(); }

bool apply(CollectionHandle& self, double units) {
  Budget budget = budget_of(units);
  return self.apply(budget);
}

val affected(CollectionHandle& self) {
  const std::vector<std::uint64_t> counts = self.take_affected();
  const std::vector<double> numbers(counts.begin(), counts.end());
  return copy("Float64Array", numbers);
}

val flush(CollectionHandle& self) { return batch(self.durable().flush()); }

val close(CollectionHandle& self) { return batch(self.durable().close()); }

bool needs_checkpoint(const CollectionHandle& self) { return self.durable().needs_checkpoint(); }

void begin_checkpoint(CollectionHandle& self) { self.durable().begin_checkpoint(); }

val next_checkpoint_batch(CollectionHandle& self) {
  return batch_if_any(self.durable().next_checkpoint_batch());
}

void batch_stored(CollectionHandle& self) { self.durable().batch_stored(); }

void checkpoint_failed(CollectionHandle& self) { self.durable().checkpoint_failed(); }

val checkpoint_report(const CollectionHandle& self) {
  const storage::CheckpointReport& report = self.durable().checkpoint_report();
  val sections = val::array();
  for (const auto& section : report.sections) {
    val item = val::object();
    item.set("section", static_cast<unsigned>(section.id));
    item.set("rawBytes", number(section.raw_bytes));
    item.set("storedBytes", number(section.stored_bytes));
    sections.call<void>("push", item);
  }
  val out = val::object();
  out.set("rawBytes", number(report.raw_bytes));
  out.set("storedBytes", number(report.stored_bytes));
  out.set("sections", sections);
  return out;
}

val checkpoint_status(const CollectionHandle& self) {
  return outcome(self.durable().checkpoint_status());
}

unsigned due(const CollectionHandle& self) {
  const std::optional<collection::Maintenance> what = self.collection().due();
  return what ? static_cast<unsigned>(*what) : 0;
}

void begin_maintenance(CollectionHandle& self, unsigned what) {
  self.collection().begin_maintenance(static_cast<collection::Maintenance>(what));
}

val begin_rebuild(CollectionHandle& self, const std::string& options, const val& sample) {
  return outcome(self.collection().begin_rebuild(options, numbers<float>(sample)));
}

bool maintaining(const CollectionHandle& self) { return self.collection().maintaining(); }

val step_maintenance(CollectionHandle& self, double units) {
  Budget budget = budget_of(units);
  const collection::Collection::MaintenanceStep step = self.collection().step_maintenance(budget);
  val out = val::object();
  out.set("finished", step.finished);
  out.set("spent", units - static_cast<double>(budget.left));
  out.set("blocks", block_list(step.blocks));
  out.set("originals", copy("Uint32Array", step.originals));
  out.set("done", step.done);
  out.set("total", step.total);
  if (step.failed) out.set("failed", failure(*step.failed));
  return out;
}

val supply_originals(CollectionHandle& self, const val& slots, const val& rows) {
  return outcome(self.collection().supply_originals(numbers<Slot>(slots), bytes(rows)));
}

void finish_maintenance(CollectionHandle& self) { self.collection().finish_maintenance(); }

void abandon_maintenance(CollectionHandle& self) { self.collection().abandon_maintenance(); }

bool needs_calibration(const CollectionHandle& self) {
  return self.collection().needs_calibration();
}

val begin_calibration(CollectionHandle& self, const val& sample) {
  return outcome(self.collection().begin_calibration(numbers<float>(sample)));
}

val step_calibration(CollectionHandle& self, double units) {
  Budget budget = budget_of(units);
  const collection::Collection::CalibrationStep step = self.collection().step_calibration(budget);
  val out = val::object();
  out.set("finished", step.finished);
  out.set("spent", units - static_cast<double>(budget.left));
  out.set("done", step.done);
  out.set("total", step.total);
  return out;
}

val finish_calibration(CollectionHandle& self) {
  const Bytes operation = self.collection().finish_calibration();
  return copy_bytes(operation);
}

val target(const CollectionHandle& self, float recall) {
  const collection::Collection::Target found = self.collection().target(recall);
  val out = val::object();
  out.set("ef", found.ef);
  out.set("recall", found.recall);
  out.set("queries", found.queries);
  return out;
}

val block_list(std::span<const document::BlockRange> blocks) {
  val out = val::array();
  for (const document::BlockRange& range : blocks) {
    val item = val::object();
    item.set("block", range.block);
    item.set("offset", number(range.offset));
    item.set("length", range.length);
    out.call<void>("push", item);
  }
  return out;
}

}  // namespace corsac::bindings

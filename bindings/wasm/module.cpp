// What the module offers besides Catalog, Opening and StaticModel: the collection, and questions
// about options, filters and errors that need no collection.
#include "collection_reads.h"
#include "collection_writes.h"
#include "workers.h"

namespace corsac::bindings {
namespace {

val error_codes() {
  val out = val::array();
  for (const ErrorCode code : kAllErrorCodes) out.call<void>("push", text(name(code)));
  return out;
}

/// What a collection could not be made with is refused before it is in a catalog.
val canonical_options(const std::string& given) {
  Result<collection::CollectionOptions> parsed = collection::parse_options(given);
  if (!parsed) return failure(parsed.error());
  return outcome(collection::Collection::create(*parsed),
                 [&](collection::Collection&&) { return val(collection::write_options(*parsed)); });
}

val options_difference(const std::string& stored, const std::string& asked) {
  const Result<collection::CollectionOptions> before = collection::parse_options(stored);
  if (!before) return failure(before.error());
  return outcome(collection::parse_options(asked), [&](collection::CollectionOptions&& parsed) {
    const std::optional<std::string> found = collection::difference(*before, parsed);
    return found ? val(*found) : val::undefined();
  });
}

val check_filter(const std::string& json) {
  return outcome(filter::parse_predicate(json),
                 [](filter::Predicate&&) { return val::undefined(); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(corsac_questions) {
  emscripten::function("errorCodes", &error_codes);
  emscripten::function("canonicalOptions", &canonical_options);
  emscripten::function("optionsDifference", &options_difference);
  emscripten::function("checkFilter", &check_filter);
  emscripten::function("startWorkers", &start_workers);
}

EMSCRIPTEN_BINDINGS(corsac_collection) {
  emscripten::class_<CollectionHandle>("Collection")
      .function("options", &options)
      .function("prepare", &prepare)
      .function("takeGroup", &take_group)
      .function("groupStored", &group_stored)
      .function("groupFailed", &group_failed)
      .function("apply", &apply)
      .function("affected", &affected)
      .function("flush", &flush)
      .function("close", &close)
      .function("needsCheckpoint", &needs_checkpoint)
      .function("beginCheckpoint", &begin_checkpoint)
      .function("nextCheckpointBatch", &next_checkpoint_batch)
      .function("batchStored", &batch_stored)
      .function("checkpointFailed", &checkpoint_failed)
      .function("checkpointReport", &checkpoint_report)
      .function("checkpointStatus", &checkpoint_status)
      .function("due", &due)
      .function("beginMaintenance", &begin_maintenance)
      .function("beginRebuild", &begin_rebuild)
      .function("maintaining", &maintaining)
      .function("stepMaintenance", &step_maintenance)
      .function("supplyOriginals", &supply_originals)
      .function("finishMaintenance", &finish_maintenance)
      .function("abandonMaintenance", &abandon_maintenance)
      .function("needsCalibration", &needs_calibration)
      .function("beginCalibration", &begin_calibration)
      .function("stepCalibration", &step_calibration)
      .function("finishCalibration", &finish_calibration)
      .function("target", &target)
      .function("has", &has)
      .function("find", &find)
      .function("count", &count)
      .function("list", &list)
      .function("reserve", &CollectionHandle::reserve)
      .function("search", &CollectionHandle::search)
      .function("searchMany", &CollectionHandle::search_many)
      .function("lastError", &last_error)
      .function("ids", &ids)
      .function("select", &select)
      .function("facet", &CollectionHandle::facet)
      .function("highlight", &highlight)
      .function("rarities", &rarities)
      .function("completions", &completions)
      .function("documentsWith", &documents_with)
      .function("termOf", &term_of)
      .function("missingBlocks", &missing_blocks)
      .function("supplyBlock", &supply_block)
      .function("documents", &documents)
      .function("vector", &vector)
      .function("unsaved", &unsaved)
      .function("locate", &locate)
      .function("check", &check)
      .function("stats", &stats)
      .function("report", &report);
}

}  // namespace corsac::bindings

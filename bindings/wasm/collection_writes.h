// The changing half of a collection at the seam: writes, checkpoint, maintenance.
#pragma once

#include "collection_handle.h"

namespace corsac::bindings {

val prepare(CollectionHandle& self, const val& operation, double client, double number);
val take_group(CollectionHandle& self, bool strict);
void group_stored(CollectionHandle& self, bool strict);
void group_failed(CollectionHandle& self);
bool apply(CollectionHandle& self, double budget);
val affected(CollectionHandle& self);
val flush(CollectionHandle& self);
val close(CollectionHandle& self);

bool needs_checkpoint(const CollectionHandle& self);
void begin_checkpoint(CollectionHandle& self);
val next_checkpoint_batch(CollectionHandle& self);
void batch_stored(CollectionHandle& self);
void checkpoint_failed(CollectionHandle& self);
val checkpoint_report(const CollectionHandle& self);
val checkpoint_status(const CollectionHandle& self);

unsigned due(const CollectionHandle& self);
void begin_maintenance(CollectionHandle& self, unsigned what);
val begin_rebuild(CollectionHandle& self, const std::string& options, const val& sample);
bool maintaining(const CollectionHandle& self);
val step_maintenance(CollectionHandle& self, double budget);
val supply_originals(CollectionHandle& self, const val& slots, const val& rows);
void finish_maintenance(CollectionHandle& self);
void abandon_maintenance(CollectionHandle& self);

bool needs_calibration(const CollectionHandle& self);
val begin_calibration(CollectionHandle& self, const val& sample);
/// { finished, spent, done, total }
val step_calibration(CollectionHandle& self, double budget);
val finish_calibration(CollectionHandle& self);
/// { ef, recall, queries }
val target(const CollectionHandle& self, float recall);

/// [{ block, offset, length }]
val block_list(std::span<const document::BlockRange> blocks);

}  // namespace corsac::bindings

// The commit protocol's values as JavaScript objects: batches out, roots and blobs in.
#pragma once

#include <optional>

#include "marshal.h"
#include "storage/effect.h"

namespace corsac::bindings {

/// { strict, effects: [{ op, name, offset, bytes }] }; `bytes` is absent for a delete.
val batch(const storage::EffectBatch& batch);
val batch_if_any(const std::optional<storage::EffectBatch>& batch);

/// { name, offset, length } or undefined.
val read_request(const std::optional<storage::ReadRequest>& request);

/// [Uint8Array | undefined, Uint8Array | undefined]
storage::RootPair roots(const val& slots);

/// [{ name, length }]
std::vector<storage::BlobInfo> blobs(const val& list);

}  // namespace corsac::bindings

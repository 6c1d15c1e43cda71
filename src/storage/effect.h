// What the protocol asks of a home. The core performs no I/O: it hands out batches of effects, the
// host executes them in order and says how it went. The TypeScript twin is `Op` in
// js/storage/byte-store.ts.
//
// Blob names: "<collection>/wal-<segment>" and "<collection>/blob-<number>", numbers in decimal,
// never reused. Root names: "catalog" and "<collection>", each with slots 0 and 1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace corsac::storage {

enum class EffectKind : std::uint8_t {
  Put = 0,     ///< create blob `name` with `bytes`; it must not exist
  Append = 1,  ///< add `bytes` at the end of `name`, whose length must be `offset`
  Root = 2,    ///< replace root `name`, slot `offset` (0 or 1)
  Delete = 3,  ///< forget blob `name`, or both slots of a root; it need not exist
};

struct Effect {
  EffectKind kind = EffectKind::Put;
  std::string name;
  std::uint64_t offset = 0;
  Bytes bytes;
};

/// Executed in order, failing as a whole from the caller's view. `strict`: this batch and
/// everything before it, of earlier sessions too, is durable before it counts as stored.
struct EffectBatch {
  std::vector<Effect> effects;
  bool strict = false;
};

/// What a home found at open.
struct BlobInfo {
  std::string name;
  std::uint64_t length = 0;
};

struct ReadRequest {
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// Both slots of a root; an absent slot is empty.
struct RootPair {
  Bytes slots[2];
};

}  // namespace corsac::storage

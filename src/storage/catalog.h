// Which collections a store has: one small A/B root with the store's UUID, its epoch and, per
// collection, an id (never reused), a name and the options it was made with. docs/format.md draws
// it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/effect.h"

namespace corsac::storage {

using Uuid = std::array<std::byte, 16>;

struct CatalogEntry {
  std::uint32_t id = 0;      ///< from 1
  std::string name;          ///< 1..128 bytes of UTF-8 without control characters or '/'
  std::string options_json;  ///< canonical, see collection/options.h
};

class Catalog {
 public:
  /// The catalog of a new store; nothing is stored until the first batch is.
  static Catalog create(const Uuid& store);
  /// The newer valid slot. `blobs_present`: an unreadable or absent catalog beside blobs is damage,
  /// never a new store. Fails with: Corrupt (no slot is readable), DataLoss (blobs but no catalog),
  /// UnsupportedFormat. An absent catalog without blobs is nothing.
  static Result<std::optional<Catalog>> open(const RootPair& roots, bool blobs_present);

  const Uuid& store() const noexcept { return store_; }
  std::uint64_t epoch() const noexcept { return epoch_; }
  /// One slot was unreadable and the other served.
  bool degraded() const noexcept { return degraded_; }
  const std::vector<CatalogEntry>& entries() const noexcept { return entries_; }
  const CatalogEntry* find(std::string_view name) const noexcept;

  /// Each returns the batch that makes the change durable; the change is in force in memory at
  /// once, so a host whose batch fails must open the store again.
  EffectBatch begin_epoch();
  /// Fails with: AlreadyExists, InvalidArgument (name).
  Result<EffectBatch> add(std::string_view name, std::string options_json);
  /// The next batch takes the place of `other` in its home: generation and epoch go on from the
  /// later of both.
  void supersede(const Catalog& other) noexcept;
  /// Fails with: NotFound. `blobs`: those of the collection, deleted after the root. `heir`:
  /// another collection, which takes its name and place; empty: none.
  Result<std::vector<EffectBatch>> remove(std::string_view name, std::vector<std::string> blobs,
                                          std::string_view heir = {});

 private:
  static Result<Catalog> decode(ByteView bytes);
  Bytes encode() const;
  EffectBatch root_batch();

  Uuid store_{};
  std::uint64_t epoch_ = 0;
  std::uint64_t generation_ = 0;
  std::uint32_t next_id_ = 1;
  bool degraded_ = false;
  std::vector<CatalogEntry> entries_;
};

}  // namespace corsac::storage

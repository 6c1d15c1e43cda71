// What lies in the home, and what of it may go? Keeps the length of every blob and segment as far
// as it is known, and which snapshots must stay readable.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <vector>

#include "storage/blob_names.h"
#include "storage/effect.h"
#include "storage/root.h"

namespace corsac::storage {

/// A write to it failed: anything between the length before and after may be there.
inline constexpr std::uint64_t kUnknownLength = std::numeric_limits<std::uint64_t>::max();

class BlobLedger {
 public:
  /// What a batch does, without its bytes.
  struct Touch {
    BlobKey key;
    EffectKind kind = EffectKind::Put;
    std::uint64_t end = 0;
  };

  BlobLedger(std::uint32_t collection, std::map<BlobKey, std::uint64_t> blobs)
      : collection_(collection), blobs_(std::move(blobs)) {}

  std::vector<Touch> touches(const std::vector<Effect>& effects) const;
  void settle(const std::vector<Touch>& touches, bool stored);

  /// Replaces what must stay readable; extend adds to it.
  void retain(const std::vector<Snapshot>& snapshots);
  void extend(const std::vector<Snapshot>& snapshots);
  /// Deletes of everything that need not stay.
  std::vector<Effect> deletes() const;

  /// Lengths of the blobs, without those that are unknown.
  std::map<std::uint64_t, std::uint64_t> blob_lengths() const;
  std::uint64_t segment_bytes(std::uint64_t first) const noexcept;
  std::uint64_t segment_count(std::uint64_t first) const noexcept;
  std::uint64_t next_blob() const noexcept;

 private:
  std::uint32_t collection_;
  std::map<BlobKey, std::uint64_t> blobs_;
  std::set<BlobKey> needed_;
  std::uint64_t first_segment_ = 1;
};

}  // namespace corsac::storage

// How does a section that grows stay in few blobs? Crashes and failures leave it one more each.
// When there are more than 16, opening reads back a run of small neighbours, and the next
// checkpoint writes them as one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/effect.h"
#include "storage/piece_checks.h"
#include "storage/root.h"

namespace corsac::storage {

inline constexpr std::size_t kMaxSectionBlobs = 16;
/// Stored bytes of the neighbours merged at once, of one section.
inline constexpr std::uint64_t kMaxMergeBytes = std::uint64_t{16} << 20;

struct TailMerge {
  SectionId section = SectionId::Ids;
  std::vector<std::uint64_t> blobs;  ///< neighbours in this order, at least two
  Bytes raw;                         ///< their content
};

/// The run of neighbours of each section with too many blobs whose merging costs least.
std::vector<TailMerge> plan_tail_merges(const Snapshot& snapshot);

/// Reads what a plan names. A blob that cannot be verified takes its merge out of the plan; nothing
/// fails.
class TailMergeReader {
 public:
  TailMergeReader(std::uint32_t collection, const Snapshot& snapshot);

  std::optional<ReadRequest> next() const;
  void supply(ByteView bytes, const PieceChecks& checks);
  std::vector<TailMerge> take() &&;

 private:
  const BlobRef& current() const;
  bool append(ByteView bytes, const PieceChecks& checks);

  std::uint32_t collection_;
  std::vector<BlobRef> refs_;
  std::vector<TailMerge> merges_;
  std::size_t merge_ = 0;
  std::size_t blob_ = 0;
};

}  // namespace corsac::storage

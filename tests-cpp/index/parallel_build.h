// The graph that tests of parallel building make: appends in three rounds, removals between them.
#pragma once

#include "base/checksum.h"
#include "index/oracle.h"
#include "support/sections.h"

namespace corsac::index {

inline constexpr std::uint32_t kBuildDimension = 32;

inline std::span<const float> build_vectors() {
  static const std::vector<float> vectors =
      test::clustered_vectors(4000, kBuildDimension, 40, 1, 2);
  return vectors;
}

/// The hash of everything that the index saves.
inline std::uint64_t hash_of(VectorIndex& index) {
  test::MemorySections sections;
  index.save(sections);
  std::uint64_t hash = 0;
  for (const auto& [id, bytes] : sections.all()) hash = checksum64(bytes, hash);
  return hash;
}

/// An index built by `executor`'s workers, or by the caller alone, in slices of `units`.
inline std::unique_ptr<VectorIndex> built_by(Executor* executor, CodecKind codec,
                                             Build build = Build::Parallel,
                                             std::uint64_t units = 50'000) {
  auto index = make_index({.kind = Kind::Hnsw,
                           .codec = codec,
                           .dimension = kBuildDimension,
                           .m = 10,
                           .ef_construction = 60,
                           .ef_search = 50,
                           .build = build});
  const std::size_t counts[] = {2500, 1000, 500};
  std::size_t at = 0;
  for (const std::size_t count : counts) {
    index->begin_append(build_vectors().subspan(at * kBuildDimension, count * kBuildDimension));
    at += count;
    for (Budget budget{units, executor}; !index->step(budget); budget = Budget{units, executor}) {
    }
    for (Slot slot = 0; slot < at; slot += 11) index->remove(slot);
  }
  return index;
}

}  // namespace corsac::index

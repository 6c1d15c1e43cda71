// What a collection needs from any vector index. One virtual call per query or per slice; inside,
// one per hop or block to the codec. Vectors are numbered by slots: append-only, dense.
//
// The index is codes, links and tombstones. Ids, ordinals, filters and documents are above it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "base/budget.h"
#include "base/result.h"
#include "base/section.h"
#include "base/types.h"
#include "codec/codec.h"

namespace corsac::index {

enum class Kind : std::uint8_t { Flat = 0, Hnsw = 1 };
enum class CodecKind : std::uint8_t { F32 = 0, Sq8 = 1, Sq4 = 2, Binary = 3, Pq = 4 };
/// What rescores candidates: the low bits of sq8 itself, a second code of each vector, or the host,
/// which has the vectors as given: then the index rescores nothing.
enum class RerankStore : std::uint8_t {
  None = 0,
  Plane = 1,
  Sq8 = 2,
  F16 = 3,
  F32 = 4,
  Originals = 5
};

/// How the nodes that come together are linked; either way one order of vectors gives one graph.
enum class Build : std::uint8_t {
  Parallel = 0,    ///< in batches, by as many workers as there are
  Sequential = 1,  ///< one after the other, each linked to all before it
};

/// Shape of an index; stored with the collection.
struct IndexOptions {
  Kind kind = Kind::Flat;
  CodecKind codec = CodecKind::F32;
  Metric metric = Metric::Cosine;
  std::uint32_t dimension = 384;
  std::uint32_t m = 16;                     ///< Links per node and level, 4..64; 2m on level 0.
  std::uint32_t ef_construction = 200;      ///< Candidates kept while linking, m..4096.
  std::uint32_t ef_search = 80;             ///< Default of VectorQuery::ef, 1..65,536.
  std::uint32_t bits = 1;                   ///< Of binary: 1 or 2; of pq: 4 or 8.
  RerankStore rerank = RerankStore::Plane;  ///< Plane is of sq8; f32 ignores it.
  std::uint32_t candidates = 0;             ///< To rescore; 0: as many as the codec needs.
  std::uint32_t subvectors = 0;             ///< Of pq: pieces of a vector, 1 to dimension.
  std::uint32_t iterations = 25;            ///< Of pq: of k-means, 1..1,000.
  std::uint32_t samples = 10'000;           ///< Of pq: most vectors to learn from, 256..1,000,000.
  std::uint64_t seed = 1;                   ///< Levels are drawn from this stream.
  Build build = Build::Parallel;
};

struct VectorQuery {
  std::span<const float> vector;  ///< [dimension], finite, as given by the user
  std::size_t k = 10;             ///< 1..kMaxK
  std::size_t ef = 0;             ///< 0: the index's ef_search; raised to k when smaller
  const Bitset* allowed =
      nullptr;  ///< over slots [size()]; null: every live slot. Never names a removed slot.
  std::size_t allowed_count = 0;  ///< population of *allowed
  std::span<const Ordinal> ordinals =
      {};                   ///< slot -> ordinal, for ties and for the hits; empty: the slot itself
  bool force_scan = false;  ///< exact over the stored codes, whatever the index
  std::size_t worker = 0;   ///< whose scratch to use, below kMaxWorkers: searches of different
                            ///< workers may run at the same time
  std::optional<std::uint32_t> candidates = {};  ///< to rescore, 0: none; absent: as the index does
};

/// How a search went over the slots: every live one, the allowed ones, or along the graph.
enum class Path : std::uint8_t { Scan = 0, Graph = 1 };

struct VectorResult {
  std::vector<Hit> hits;  ///< best first; Hit::ordinal is ordinals[slot] when given, else the slot
  std::vector<Slot> slots;     ///< [hits.size()]
  std::uint64_t examined = 0;  ///< codes scored
  Path path = Path::Scan;
  bool exact =
      false;  ///< true when the hits are certainly the k best by the true vectors (f32 scan)
};

struct IndexBytes {
  std::uint64_t codes = 0, rerank = 0, graph = 0;
};

class VectorIndex {
 public:
  virtual ~VectorIndex() = default;

  virtual const IndexOptions& options() const noexcept = 0;
  /// Slots ever used, removed ones included.
  virtual std::size_t size() const noexcept = 0;
  virtual std::size_t live() const noexcept = 0;

  /// Takes `count` vectors, row-major [count x dimension], into the next slots. They are found by
  /// searches once step() has returned true; until then searches see the index as it was.
  /// Requires: no append is under way; vectors.size() is a multiple of the dimension; all finite.
  virtual void begin_append(std::span<const float> vectors) = 0;
  /// Continues the append. True when nothing is left to do (also when none was begun).
  virtual bool step(Budget& budget) = 0;

  /// Takes a slot out of every later search at once. Removing twice changes nothing.
  /// Requires: slot < size(), no append is under way.
  virtual void remove(Slot slot) = 0;
  virtual bool is_removed(Slot slot) const noexcept = 0;

  /// Fails with: DimensionMismatch, naming both lengths.
  virtual Result<VectorResult> search(const VectorQuery& query) const = 0;
  /// The precise score of each slot (plane included), in the order given.
  /// Requires: query is [dimension], finite; every slot < size().
  virtual void score(std::span<const float> query, std::span<const Slot> slots,
                     std::span<float> scores) const = 0;
  /// The stored vector as the precise code remembers it (normalised under cosine).
  virtual void decode(Slot slot, std::span<float> out) const = 0;

  /// What its vectors became.
  virtual codec::Codec& codes() const noexcept = 0;

  /// Writes what changed since the last save. Requires: no append is under way.
  virtual void save(SectionSink& sink) = 0;
  virtual IndexBytes bytes() const noexcept = 0;
};

/// An empty index. Fails with: InvalidArgument naming the option, its value and its range.
Result<std::unique_ptr<VectorIndex>> create_index(const IndexOptions& options);

/// The index as saved, without rebuilding anything. `vectors` is how many slots the collection has.
/// Fails with: Corrupt when a section contradicts another or a bound, InvalidArgument as
/// create_index.
Result<std::unique_ptr<VectorIndex>> load_index(const IndexOptions& options,
                                                const SectionSource& source, std::size_t vectors);

}  // namespace corsac::index

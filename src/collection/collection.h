// One ranked answer from all: documents with vectors, text and metadata under external ids.
// `apply` is the only mutation; the storage layer logs an operation before it is applied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "base/budget.h"
#include "base/result.h"
#include "base/section.h"
#include "collection/operation.h"
#include "collection/options.h"
#include "collection/search.h"
#include "document/document_store.h"
#include "filter/filter_index.h"

namespace corsac::collection {

struct Stats {
  std::uint64_t documents = 0;  ///< live
  std::uint64_t deleted = 0;    ///< ordinals not yet compacted away
  std::uint64_t vectors = 0;    ///< live slots
  std::uint64_t codes = 0, rerank = 0, graph = 0, text = 0, filter = 0, ids = 0,
                document_cache = 0;  ///< bytes in memory
  std::uint64_t originals = 0;       ///< bytes of vectors as given that wait for the next save
};

class Collection {
 public:
  /// Fails with: InvalidArgument.
  static Result<Collection> create(const CollectionOptions& options);
  /// As saved; nothing is rebuilt. Fails with: Corrupt, UnsupportedFormat.
  static Result<Collection> load(const CollectionOptions& options, const SectionSource& source);
  ~Collection();
  Collection(Collection&&) noexcept;
  Collection& operator=(Collection&&) noexcept;

  const CollectionOptions& options() const noexcept;

  // ---- change -------------------------------------------------------------------------------
  /// Whether `operation` can be applied after everything applied and everything validated since:
  /// ids (valid UTF-8, 1..512 bytes, unique within an insert, absent for an insert), finite vectors
  /// of the right dimension, metadata that is a JSON object within the limits. Changes nothing but
  /// the set of ids that validated operations will have created or removed, until they are applied
  /// or forgotten. Fails with: InvalidArgument, DimensionMismatch, AlreadyExists, Corrupt; the
  /// message names the document's position and id.
  Status validate(const Operation& operation);
  /// Forgets what validate() remembered, but for the `kept` operations next to be applied (one
  /// under way counts): those after them will not come.
  void forget_validated(std::size_t kept = 0);

  /// Starts a validated operation. `bytes` is kept until it is done. Requires: none is under way.
  void begin_apply(Bytes bytes);
  /// Continues. True when the operation is done; until then every search sees the collection as
  /// before.
  bool step(Budget& budget);
  /// How many documents the last finished operation removed or wrote.
  std::uint64_t last_affected() const noexcept;

  // ---- maintenance --------------------------------------------------------------------------
  /// What would do good now: more than 30 % deleted (compaction), or an auto index past its
  /// threshold.
  std::optional<Maintenance> due() const;
  /// Starts building the new form beside the old one; writes go on and are caught up.
  /// Requires: none is under way, no operation is under way; not Rebuild.
  void begin_maintenance(Maintenance what);
  /// The same for a new form with the index that the options `json` describe, or with codes that
  /// learn from `sample` when it is not empty. Fails as rebuilt_options() does (rebuild.h).
  Status begin_rebuild(std::string_view json, std::vector<float> sample);
  bool maintaining() const noexcept;
  /// Continues. Says what it lacks: Need::Nothing and `finished` when the new form is complete and
  /// has caught up (call finish_maintenance), or the reads it waits for (see supply_*).
  struct MaintenanceStep {
    bool finished = false;
    std::vector<document::BlockRange> blocks;  ///< of SectionId::Documents
    std::vector<Slot> originals;               ///< rows of SectionId::Originals, ascending
    double done = 0, total = 0;                ///< for progress
    std::optional<Error> failed;               ///< a document cannot be read: abandon_maintenance()
  };
  MaintenanceStep step_maintenance(Budget& budget);
  /// Takes the rows asked for, in that order: f32 [n x dimension]. Fails with: Corrupt.
  Status supply_originals(std::span<const Slot> slots, ByteView rows);
  /// Swaps the new form in. The next save() writes every section anew.
  void finish_maintenance();
  void abandon_maintenance();

  // ---- calibration --------------------------------------------------------------------------
  /// Whether a target recall would rest on nothing, or on a collection of another size.
  bool needs_calibration() const noexcept;
  /// Starts measuring recall over widths of a walk: `sample` [n x dimension], or the collection's
  /// own vectors when it is empty. Ends one that is under way.
  /// Fails with: InvalidQuery (no vectors), DimensionMismatch, InvalidArgument (not finite).
  Status begin_calibration(std::vector<float> sample);
  struct CalibrationStep {
    bool finished = false;
    double done = 0, total = 0;  ///< queries
  };
  CalibrationStep step_calibration(Budget& budget);
  /// The operation that keeps what was measured; to be written like any other. Requires: finished.
  Bytes finish_calibration();
  /// What a target recall means today.
  struct Target {
    std::uint32_t ef = 0;  ///< at k = 10; 0: nothing was measured
    double recall = 0;     ///< what that reached on the queries measured
    std::uint32_t queries = 0;
  };
  Target target(float recall) const noexcept;

  // ---- questions ----------------------------------------------------------------------------
  bool has(std::string_view id) const;
  std::optional<Ordinal> find(std::string_view id) const;
  /// Live documents, all or those that satisfy the filter.
  std::uint64_t count(const filter::Predicate* filter) const;
  /// Live ordinals above `after` (kNoOrdinal: from the first) that satisfy the filter, at most
  /// `limit`.
  std::vector<Ordinal> list(const filter::Predicate* filter, Ordinal after,
                            std::size_t limit) const;
  /// Fails with: InvalidArgument, DimensionMismatch, InvalidQuery.
  Result<SearchResult> search(const SearchRequest& request) const;
  /// What the request could find if k had no end; see query.h. Fails as search() does.
  Result<Bitset> findable(const SearchRequest& request) const;
  /// Live documents that satisfy the filter, all when it is null.
  Bitset matching(const filter::Predicate* filter) const;
  /// Values at a path of metadata by how many of `documents` have them.
  std::vector<filter::ValueCount> commonest_values(std::string_view path, const Bitset& documents,
                                                   std::size_t limit) const;
  std::string_view id(Ordinal ordinal) const;
  /// The precise stored vector (normalised under cosine); empty when the document has none.
  std::vector<float> stored_vector(Ordinal ordinal) const;
  /// First slot and count of a document's vectors, for reading originals.
  std::optional<std::pair<Slot, std::uint32_t>> slots(Ordinal ordinal) const;
  /// Vectors as given that no checkpoint has written yet: `true` when the slot is still in memory.
  bool original_in_memory(Slot slot, std::span<float> out) const;
  std::vector<text::Highlight> highlight(const SearchRequest& request,
                                         std::string_view content) const;
  /// Null when the collection has no text. What only asks about words goes there directly.
  const text::TextIndex* text() const noexcept;

  // ---- documents (two steps) ----------------------------------------------------------------
  std::vector<document::BlockRange> missing_blocks(std::span<const Ordinal> ordinals);
  Status supply_block(std::uint32_t block, ByteView stored);
  Result<document::DocumentView> read(Ordinal ordinal) const;

  /// Writes what changed since the last save. Requires: no operation is under way.
  void save(SectionSink& sink);
  Stats stats() const;

 private:
  struct State;
  explicit Collection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace corsac::collection

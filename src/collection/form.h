// Everything a collection is made of at one time: the parts that hold its documents under one
// numbering of ordinals and slots. Compaction builds a second form beside the first and puts it in
// its place.
//
// Invariants: every part has an entry for each ordinal; a live ordinal's slots are live in the
// index and belong to no other live ordinal; the id map finds exactly the live ordinals.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bitset.h"
#include "base/json.h"
#include "base/result.h"
#include "base/section.h"
#include "collection/calibration.h"
#include "collection/id_map.h"
#include "collection/options.h"
#include "collection/original_vectors.h"
#include "collection/slot_table.h"
#include "document/document_store.h"
#include "filter/filter_index.h"

namespace corsac::collection {

/// A document about to take the next ordinal.
struct Arrival {
  std::string_view id;
  std::optional<std::string_view> content;
  std::optional<std::string_view> metadata;
  Json parsed_metadata;
  std::uint32_t vector_count = 0;  ///< the next slots, which the index has taken already
  bool keep_vectors = false;       ///< those of the document replaced
};

class Form {
 public:
  /// Empty. Fails with: InvalidArgument.
  static Result<Form> create(const CollectionOptions& options);
  /// As saved. Fails with: Corrupt (sections that contradict a bound or each other),
  /// UnsupportedFormat.
  static Result<Form> load(const CollectionOptions& options, const SectionSource& source);

  std::size_t size() const noexcept { return ids.size(); }
  std::size_t live() const noexcept { return size() - deleted_count; }
  bool is_live(Ordinal ordinal) const noexcept {
    return ordinal < size() && !deleted.test(ordinal);
  }

  /// Gives the next ordinal to a document, in place of the one that had its id.
  void take(const Arrival& arrival);
  /// Takes a document out of every part. Requires: is_live(ordinal).
  void drop(Ordinal ordinal);

  /// Writes what changed since the last save.
  void save(SectionSink& sink);
  /// Another index over the same slots takes the place of the present one.
  void replace_index(std::unique_ptr<index::VectorIndex> fresh);

  CollectionOptions options;
  IdMap ids;
  SlotTable slots;
  Bitset deleted;
  std::size_t deleted_count = 0;
  document::DocumentStore documents;
  filter::FilterIndex filter;
  std::unique_ptr<text::TextIndex> text;      ///< null: the collection has no text
  std::unique_ptr<index::VectorIndex> index;  ///< null: the collection takes no vectors
  OriginalVectors originals;
  Calibration calibration;

  /// The sections hold another form, or another index: the next save() starts them afresh.
  bool restart_all = false;
  bool restart_index = false;
  /// `options` are no longer those that the collection was made with.
  bool has_own_options = false;

 private:
  explicit Form(const CollectionOptions& options);
  void add_text(Ordinal ordinal, const Arrival& arrival);
  void drop_slots(SlotRange range);
  void forget(Ordinal ordinal, bool keep_slots);
};

}  // namespace corsac::collection

// A form without its deleted documents, and with another index if one is asked for, built beside
// the old one: the documents that were live at the beginning are inserted again in the order of
// their ordinals, then every write of the meantime is applied in its order. What comes out depends
// on the operations and the sample alone, not on slices or timing.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "base/budget.h"
#include "base/result.h"
#include "collection/application.h"
#include "collection/form.h"

namespace corsac::collection {

class Compaction {
 public:
  explicit Compaction(const Form& old);
  /// With other options of the index (rebuild.h), or with codes that learn from `sample`
  /// [? x dimension] when it is not empty.
  Compaction(const Form& old, const CollectionOptions& options, std::vector<float> sample);

  /// What a step could not go on without.
  struct Needs {
    std::vector<document::BlockRange> blocks;
    std::vector<Slot> originals;  ///< ascending
    bool empty() const noexcept { return blocks.empty() && originals.empty(); }
  };

  /// Continues until the budget is spent, something is needed, or the new form has caught up.
  /// Fails with: Corrupt (a document cannot be read).
  Result<Needs> step(Form& old, Budget& budget);
  bool caught_up() const noexcept {
    return sample_.empty() && next_ >= live_.size() && !applying_ && writes_.empty();
  }
  /// A write that the old form took meanwhile.
  void note(Bytes operation) { writes_.push_back(std::move(operation)); }
  /// Takes original vectors, [slots.size() x dimension]. Fails with: Corrupt naming both lengths.
  Status supply(std::span<const Slot> slots, ByteView rows);
  /// Applies the writes that are left. Requires: every document was inserted again.
  Form finish() &&;

  double done() const noexcept { return done_; }
  double total() const noexcept;

 private:
  struct Fetched {
    Slot slot;
    std::vector<float> vector;  // empty once it was used
  };

  /// Adds the next documents to `batch_` until it is full or something is needed.
  Result<Needs> gather(Form& old, Budget& budget);
  /// Copies a document's vector to `row`; false when it must be fetched.
  bool vector_of(const Form& old, Slot slot, std::vector<float>& row);
  Fetched* fetched(Slot slot);
  Result<Needs> ask(Form& old);
  Error lost(std::string_view what) const;
  bool batch_is_full() const noexcept;
  void begin_batch();

  Form form_;
  std::vector<float> sample_;  // until the codes have learnt from it
  Bitset live_;                // of the old form, when it began
  Ordinal next_ = 0;           // the next old ordinal to insert again
  Ordinal asked_ = kNoOrdinal;
  WriteEncoder batch_;
  std::optional<Application> applying_;
  std::deque<Bytes> writes_;
  std::vector<Fetched> fetched_;  // by ascending slot
  double done_ = 0;
  std::size_t documents_ = 0;
};

}  // namespace corsac::collection

// Another index over the same slots, built beside the old one from its vectors while the old one
// goes on answering. The vectors come in the batches of the log: those that were there at the
// beginning, then each write's own, so that the new index depends on the operations alone.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "base/budget.h"
#include "collection/form.h"

namespace corsac::collection {

/// Whether an automatic index of `live` vectors should be another one than it is.
bool has_outgrown(const index::IndexOptions& today, std::size_t live) noexcept;
/// What it then becomes: flat over sq8 up to kAutoGraph vectors, else a graph over sq8. What is
/// flat over sq8 becomes a graph.
index::IndexOptions grown(const index::IndexOptions& today, std::size_t live) noexcept;

class Migration {
 public:
  explicit Migration(const Form& form);

  /// Continues until the budget is spent or the new index has every vector of the old one.
  void step(const Form& form, Budget& budget);
  bool caught_up() const noexcept { return !appending_ && batches_.empty(); }
  /// The old index took a write of `vectors` slots meanwhile.
  void note(std::size_t vectors);
  /// Appends what is left, removes the slots that the old index has removed, and takes its place.
  void finish(Form& form) &&;

  double done() const noexcept { return static_cast<double>(index_->size()); }
  double total() const noexcept { return static_cast<double>(total_); }

 private:
  void begin_batch(const Form& form);

  std::unique_ptr<index::VectorIndex> index_;
  std::deque<std::size_t> batches_;  // vectors of each append still to come
  std::vector<float> rows_;          // of the append under way
  Slot next_ = 0;
  bool appending_ = false;
  std::size_t total_ = 0;
};

}  // namespace corsac::collection

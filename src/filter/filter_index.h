// Which documents satisfy a predicate over their metadata: typed columns by dot path, evaluated to
// a bitset over ordinals with an exact count. Semantics: predicate.h, whose matches() is the
// definition.
//
// A path gets a column when it is first met. Beyond the limits it gets none: the documents that
// have such a path keep their metadata as text here and are judged by matches(), so every answer
// stays exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "base/json.h"
#include "base/result.h"
#include "base/section.h"
#include "base/types.h"
#include "filter/column.h"
#include "filter/predicate.h"

namespace corsac::filter {

/// Part of what is saved: they must never change under an index.
struct FilterLimits {
  std::uint32_t paths = 4096;      ///< columns
  std::uint32_t path_bytes = 512;  ///< of one path
};

class FilterIndex {
 public:
  explicit FilterIndex(const FilterLimits& limits = {});
  ~FilterIndex();
  FilterIndex(FilterIndex&&) noexcept;
  FilterIndex& operator=(FilterIndex&&) noexcept;

  /// Fails with: Corrupt, UnsupportedFormat. An absent section is an empty index.
  static Result<FilterIndex> load(const SectionSource& source);

  /// Requires: ordinal >= size(). `metadata` is an object, or null which counts as {}.
  void add(Ordinal ordinal, const Json& metadata);
  /// One more than the highest ordinal ever added.
  std::size_t size() const noexcept;

  /// The documents among [0, documents) that satisfy `predicate`; deletes are the caller's.
  /// Ordinals that were never added count as {}.
  Bitset evaluate(const Predicate& predicate, std::size_t documents) const;

  /// The values at `path` that most of `documents` have, at most `limit`, the commonest first; each
  /// element of an array counts, once a document. Ties: column.h.
  std::vector<ValueCount> commonest(std::string_view path, const Bitset& documents,
                                    std::size_t limit) const;

  void save(SectionSink& sink);
  /// Memory of columns, dictionaries and kept metadata.
  std::uint64_t bytes() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace corsac::filter

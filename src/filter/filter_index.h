// Which documents satisfy a predicate over their metadata: typed columns by dot path, evaluated to a
// bitset over ordinals with an exact count. Semantics: docs/guide and the table in
// tests-cpp/filter/predicate_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bitset.h"
#include "base/json.h"
#include "base/result.h"
#include "base/section.h"
#include "base/types.h"
#include "filter/predicate.h"

namespace corsac::filter {

class FilterIndex {
 public:
  FilterIndex();
  ~FilterIndex();
  FilterIndex(FilterIndex&&) noexcept;
  FilterIndex& operator=(FilterIndex&&) noexcept;

  /// Fails with: Corrupt.
  static Result<FilterIndex> load(const SectionSource& source);

  /// Requires: ordinal >= size(). `metadata` is an object, or null which counts as {}.
  void add(Ordinal ordinal, const Json& metadata);
  /// One more than the highest ordinal ever added.
  std::size_t size() const noexcept;

  /// The documents among [0, documents) that satisfy `predicate`; deletes are the caller's.
  Bitset evaluate(const Predicate& predicate, std::size_t documents) const;

  void save(SectionSink& sink);
  std::uint64_t bytes() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace corsac::filter

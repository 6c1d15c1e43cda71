// Documents with paths that have no column: their metadata as compact JSON text, judged one by one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/types.h"
#include "filter/column.h"
#include "filter/ordinal_set.h"
#include "filter/predicate.h"

namespace corsac::filter {

class Overflow {
 public:
  /// Requires: no ordinal as high was added.
  void add(Ordinal ordinal, const Json& metadata);
  bool empty() const noexcept { return ordinals_.empty(); }

  /// Marks the documents here that match. Requires: a comparison, without its negation.
  void mark(const Predicate& comparison, std::size_t documents, Words& words) const;

  /// Adds what the documents here have at `path` to an empty column.
  void gather(std::string_view path, Column& column) const;

  void save(ByteWriter& out) const;
  /// Fails the reader unless ordinals ascend below `end` and every text is a JSON object.
  static Overflow load(ByteReader& in, std::size_t end);
  std::uint64_t bytes() const noexcept;

 private:
  std::string_view text_of(std::size_t i) const noexcept;
  /// Calls visit(ordinal, metadata) for every document whose text has a trace of the path.
  template <class Visit>
  void for_each(std::string_view path, const Visit& visit) const;

  std::vector<Ordinal> ordinals_;
  std::vector<std::uint64_t> ends_;  // where each document's metadata ends in text_
  std::string text_;
};

}  // namespace corsac::filter

// All terms of a segment in byte order, for merging and for finding those that a query stands for.
#pragma once

#include <memory>
#include <string_view>

#include "text/segment.h"

namespace corsac::text {

class TermStream {
 public:
  virtual ~TermStream() = default;

  /// False at the end; before the first call there is no term.
  virtual bool next() = 0;
  /// Forward to the first term that is not below `term`; false when there is none. Requires: the
  /// current term is below it.
  virtual bool seek(std::string_view term) = 0;
  virtual std::string_view term() const noexcept = 0;
  virtual TermPostings postings() const = 0;
  /// Appends the varints of the term's positions (positions.h). Requires: the segment has
  /// positions.
  virtual void append_positions(Bytes& out) const = 0;
};

}  // namespace corsac::text

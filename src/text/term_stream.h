// All terms of a segment in byte order, for sealing and merging.
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
  virtual std::string_view term() const noexcept = 0;
  virtual TermPostings postings() const = 0;
};

}  // namespace corsac::text

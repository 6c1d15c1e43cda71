// Measures a calibration: each query is answered exactly, then by walks of growing width, and what
// those found is counted. One query is one step; nothing changes but the counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/budget.h"
#include "base/random.h"
#include "collection/calibration.h"
#include "collection/form.h"

namespace corsac::collection {

/// Queries drawn from the collection's own vectors when no sample is given.
inline constexpr std::size_t kOwnQueries = 200;

class Calibrator {
 public:
  /// `sample` [n x dimension], finite; empty: the collection's own vectors.
  Calibrator(const Form& form, std::vector<float> sample);

  /// Continues. True when every query was measured. Requires: the form has an index.
  bool step(const Form& form, Budget& budget);
  CurveKind kind() const noexcept { return sample_.empty() ? CurveKind::Own : CurveKind::Sample; }
  /// Requires: done.
  Curve curve(const Form& form) const;
  double done() const noexcept { return static_cast<double>(asked_); }
  double total() const noexcept { return static_cast<double>(queries_); }

 private:
  void measure(const Form& form, Budget& budget);
  /// The next query into query_; for an own vector gives its slot.
  Slot next_query(const Form& form);

  std::vector<float> sample_;
  std::vector<float> query_;  // [dimension]
  Bitset others_;             // slots that an own vector is asked for: all live ones but itself
  Random random_;
  std::size_t queries_, asked_ = 0;
  std::vector<double> recalls_;  // by position in the ladder of widths, added up
};

}  // namespace corsac::collection

// Which documents may be returned? A filter and what was removed, against hits that come by
// ascending ordinal.
#pragma once

#include "base/bitset.h"
#include "base/top_k.h"

namespace corsac::text {

struct Eligible {
  const Bitset* allowed = nullptr;  ///< null: all
  const Bitset* deleted = nullptr;  ///< Requires: not null, at least as large as the segments reach

  bool operator()(Ordinal ordinal) const noexcept {
    return !deleted->test(ordinal) &&
           (allowed == nullptr || (ordinal < allowed->size() && allowed->test(ordinal)));
  }
};

/// The score that a hit must pass: ordinals come ascending, so a hit that only equals the worst
/// kept one ranks after it.
inline float bar_of(const TopK& best) noexcept { return best.full() ? best.worst().score : 0.0f; }

}  // namespace corsac::text

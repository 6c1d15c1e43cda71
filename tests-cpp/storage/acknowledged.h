// What a store owes: the list of operations that were acknowledged, how many of them were promised
// to outlive a power loss, and the groups of which nobody knows. What recovery gives is held
// against it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace corsac::testing {

struct Acknowledged {
  std::vector<Bytes> known;                  ///< in order
  std::size_t durable = 0;                   ///< of them, safe against power loss
  std::vector<std::vector<Bytes>> doubtful;  ///< groups that failed or were under way

  void add(const std::vector<Bytes>& group, bool strict) {
    doubtful.clear();
    known.insert(known.end(), group.begin(), group.end());
    if (strict) durable = known.size();
  }

  /// What is wrong with `got`, nothing when it is what was acknowledged, perhaps short of what was
  /// never safe, or all of it and then whole calls of one group whose fate nobody knew.
  std::string violation(const std::vector<Bytes>& got, bool lost_power) const {
    const std::size_t common = std::min(got.size(), known.size());
    for (std::size_t i = 0; i < common; ++i) {
      if (got[i] != known[i])
        return "operation " + std::to_string(i) + " is not the one that was written";
    }
    const std::size_t owed = lost_power ? durable : known.size();
    if (got.size() < owed)
      return std::to_string(got.size()) + " operations, " + std::to_string(owed) +
             " were acknowledged as safe";
    if (got.size() <= known.size()) return {};
    const bool explained = std::ranges::any_of(doubtful, [&](const std::vector<Bytes>& group) {
      const std::size_t extra = got.size() - known.size();
      return extra <= group.size() &&
             std::equal(got.begin() + static_cast<std::ptrdiff_t>(known.size()), got.end(),
                        group.begin());
    });
    return explained ? "" : "operations that nobody wrote";
  }

  /// After an opening gave `got`: that is what there is now.
  void reopened(const std::vector<Bytes>& got, bool lost_power) {
    known = got;
    doubtful.clear();
    if (lost_power) durable = known.size();
  }
};

}  // namespace corsac::testing

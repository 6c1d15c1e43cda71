// How does the graph heal after removals? A removed node routes at first and is stepped over as a
// hit. Once enough have gathered, one sweep over all lists replaces every link to such a node by
// the best of what lies behind it, and takes the nodes out (the consolidation of FreshDiskANN,
// Singh et al., arXiv:2105.09613).
#pragma once

#include <cstddef>
#include <vector>

#include "base/budget.h"
#include "index/linker.h"

namespace corsac::index {

class Repairer {
 public:
  /// Whether a sweep pays: one node in thirty was removed, or all were, or the one where walks
  /// begin.
  static bool is_due(const Network& network) noexcept;

  bool is_done() const noexcept { return !is_running_; }
  void begin() noexcept {
    at_ = 0;
    is_running_ = true;
  }

  /// Mends one node's lists, or ends the sweep.
  void step(Network& network, Linker& linker, Budget& budget);

 private:
  /// False when there was nothing to do.
  bool mend(Network& network, Linker& linker, Slot node);

  /// The live nodes next to `node` or behind vacant ones, nearest steps first.
  void gather_behind(const Network& network, Slot node, unsigned level);

  void finish(Network& network);

  bool is_running_ = false;
  Slot at_ = 0;
  std::vector<Slot> found_, behind_;
};

}  // namespace corsac::index

// How does a search get near its query along the links? Algorithm 2 and the descent of Algorithm 5
// of Malkov & Yashunin, arXiv:1603.09320.
//
// A hop first collects all neighbours not seen yet, then scores them in one call, which fetches
// their rows together: waiting for memory is most of the time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/network.h"

namespace corsac::index {

/// Every node may be a candidate.
struct OpenGate {
  static constexpr bool kIsOpen = true;
  bool operator()(Slot) const noexcept { return true; }
};

/// Nodes that are vacant may not, nor those from `end` on, which are still being appended.
struct LiveGate {
  static constexpr bool kIsOpen = false;
  const Bitset& vacant;
  std::size_t end;
  bool operator()(Slot slot) const noexcept { return slot < end && !vacant.test(slot); }
};

/// Nodes of which no slot is allowed may not.
class AllowedGate {
 public:
  static constexpr bool kIsOpen = false;
  /// `allowed` is over the slots that searches may see.
  AllowedGate(const Bitset& allowed, const Twins& twins) noexcept
      : allowed_(allowed), twins_(twins) {}

  bool operator()(Slot node) const noexcept {
    if (allows(node)) return true;
    for (const Slot slot : twins_.others(node)) {
      if (allows(slot)) return true;
    }
    return false;
  }

 private:
  bool allows(Slot slot) const noexcept { return slot < allowed_.size() && allowed_.test(slot); }

  const Bitset& allowed_;
  const Twins& twins_;
};

/// The share of the nodes within two steps of `node` that pass the gate: whether a filter shuns the
/// place.
double passing_share(const Graph& graph, const AllowedGate& gate, Slot node) noexcept;

/// The nearest node that greedy steps find on the levels above `level`, and its score.
Neighbour descend(const Network& network, WalkScratch& scratch, unsigned level,
                  std::uint64_t& examined);

/// Fills scratch.pool with the `ef` best nodes that a walk on `level` from `start` meets. `start`
/// is in the pool whether or not it passes the gate; all others pass. Gives up after `limit` scored
/// nodes.
template <class Gate>
void walk_level(const Network& network, WalkScratch& scratch, const Gate& gate, unsigned level,
                Neighbour start, std::size_t ef, std::uint64_t limit, std::uint64_t& examined);

}  // namespace corsac::index

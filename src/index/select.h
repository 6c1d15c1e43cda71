// Which of many candidates become links? Those that lie in different directions: a candidate nearer
// to a chosen one than to the node itself is reached through that one (Algorithm 4 of
// arXiv:1603.09320).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "index/candidate_pool.h"
#include "index/network.h"

namespace corsac::index {

class LinkSelector {
 public:
  /// Chooses at most `count` of the candidates, sorted best first, each once. When fewer than
  /// `at_least` are diverse, the best of the others fill up. The choice is valid until the next
  /// call, best first.
  std::span<const Neighbour> select(const codec::Codec& codes,
                                    std::span<const Neighbour> candidates, std::size_t count,
                                    std::size_t at_least);

  /// Codes scored so far.
  std::uint64_t examined() const noexcept { return examined_; }

  /// The best first, equal ones by slot.
  void sort(std::vector<Neighbour>& neighbours);

 private:
  [[gnu::noinline]] bool is_diverse(const codec::Codec& codes, const Neighbour& candidate);

  codec::Query query_;
  std::vector<Neighbour> chosen_, passed_over_;
  std::vector<CandidateKey> keys_;
  std::vector<Slot> slots_;  // of the chosen, diverse ones
  std::uint64_t examined_ = 0;
};

}  // namespace corsac::index

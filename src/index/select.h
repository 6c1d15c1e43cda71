// Which of many candidates become links? Those that lie in different directions: a candidate nearer
// to a chosen one than to the node itself is reached through that one (Algorithm 4 of
// arXiv:1603.09320).
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "index/network.h"

namespace corsac::index {

template <codec::Codec Codes>
class LinkSelector {
 public:
  /// Chooses at most `count` of the candidates, sorted best first, each once. When fewer than
  /// `at_least` are diverse, the best of the others fill up. The choice is valid until the next
  /// call, best first.
  std::span<const Neighbour> select(const Codes& codes, std::span<const Neighbour> candidates,
                                    std::size_t count, std::size_t at_least) {
    chosen_.clear();
    slots_.clear();
    passed_over_.clear();
    for (const Neighbour& candidate : candidates) {
      if (chosen_.size() == count) break;
      if (is_diverse(codes, candidate)) {
        chosen_.push_back(candidate);
        slots_.push_back(candidate.slot);
      } else {
        passed_over_.push_back(candidate);
      }
    }
    const std::size_t diverse = chosen_.size();
    for (std::size_t i = 0; i < passed_over_.size() && chosen_.size() < at_least; ++i) {
      chosen_.push_back(passed_over_[i]);
    }
    std::inplace_merge(chosen_.begin(), chosen_.begin() + static_cast<std::ptrdiff_t>(diverse),
                       chosen_.end(), nearer);
    return chosen_;
  }

  /// Codes scored so far.
  std::uint64_t examined() const noexcept { return examined_; }

  static bool nearer(const Neighbour& a, const Neighbour& b) noexcept {
    return a.score != b.score ? a.score > b.score : a.slot < b.slot;
  }

 private:
  [[gnu::noinline]] bool is_diverse(const Codes& codes, const Neighbour& candidate) {
    constexpr std::size_t kGroup = 4;  // One pass of the kernels, then maybe no need of the next.
    codes.prepare_stored(candidate.slot, query_);
    float scores[kGroup];
    for (std::size_t at = 0; at < slots_.size(); at += kGroup) {
      const std::span<const Slot> group =
          std::span(slots_).subspan(at, std::min(kGroup, slots_.size() - at));
      codes.score(query_, group, scores);
      examined_ += group.size();
      for (std::size_t i = 0; i < group.size(); ++i) {
        if (scores[i] > candidate.score) return false;
      }
    }
    return true;
  }

  typename Codes::Query query_;
  std::vector<Neighbour> chosen_, passed_over_;
  std::vector<Slot> slots_;  // of the chosen, diverse ones
  std::uint64_t examined_ = 0;
};

}  // namespace corsac::index

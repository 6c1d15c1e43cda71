#include "index/select.h"

#include <algorithm>

#include "base/sort.h"

namespace corsac::index {

std::span<const Neighbour> LinkSelector::select(const codec::Codec& codes,
                                                std::span<const Neighbour> candidates,
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
  if (chosen_.size() > diverse) sort(chosen_);
  return chosen_;
}

void LinkSelector::sort(std::vector<Neighbour>& neighbours) {
  keys_.clear();
  for (const Neighbour& each : neighbours) keys_.push_back(make_key(each.score, each.slot));
  sort_keys(keys_);
  for (std::size_t i = 0; i < keys_.size(); ++i)
    neighbours[i] = {score_of(keys_[i]), slot_of(keys_[i])};
}

bool LinkSelector::is_diverse(const codec::Codec& codes, const Neighbour& candidate) {
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

}  // namespace corsac::index

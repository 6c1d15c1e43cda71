#include "index/appender.h"

#include <cassert>
#include <functional>

#include "base/sort.h"

namespace corsac::index {
namespace {

/// A batch is at most 2 % of what is there, so that a node misses few of its neighbours; what it
/// misses in its own batch are its mates.
constexpr std::size_t kBatchShare = 50, kMaxBatch = 512;

/// Codes that go into the table of twins for about the cost of a distance.
constexpr std::size_t kFillsPerUnit = 2, kFillSlots = 512;

}  // namespace

Appender::Appender(const Options& options) : levels_(options.m, options.seed), options_(options) {
  prepare_hands(1);
}

void Appender::begin(Slot first, const Network& network) {
  assert(is_done());
  next_ = first;
  end_ = static_cast<Slot>(network.codes->size());
  filled_ = 0;
  if (next_ == end_) return;
  phase_ = table_.size() == 0 && first > 0 ? Phase::Fill : Phase::Open;
}

void Appender::step(Network& network, Budget& budget) {
  switch (phase_) {
    case Phase::Fill: return fill_table(network, budget);
    case Phase::Open: return open_batch(network);
    case Phase::Link: return link_some(network, budget);
    case Phase::LinkBack: return link_back_some(network, budget);
    case Phase::Done: return;
  }
}

std::size_t Appender::batch_size() const noexcept {
  if (options_.build == Build::Sequential) return 1;
  return std::clamp<std::size_t>(next_ / kBatchShare, 1, kMaxBatch);
}

void Appender::fill_table(const Network& network, Budget& budget) {
  if (filled_ == 0) table_.reserve(network.codes->size());
  const Slot end = std::min<Slot>(next_, filled_ + kFillSlots);
  budget.spend((end - filled_) / kFillsPerUnit);
  for (; filled_ < end; ++filled_) {
    if (!network.graph.has(filled_) || network.vacant.test(filled_)) continue;
    table_.find_or_put(*network.codes, filled_, [](Slot) { return false; });
  }
  if (filled_ == next_) phase_ = Phase::Open;
}

void Appender::open_batch(Network& network) {
  const std::size_t count = std::min<std::size_t>(batch_size(), end_ - next_);
  mates_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const Slot slot = next_++;
    const Slot twin = table_.find_or_put(*network.codes, slot,
                                         [&](Slot other) { return network.vacant.test(other); });
    if (twin != kNoSlot) {
      network.twins.join(twin, slot);
      continue;
    }
    network.graph.add(slot, levels_.of(slot));
    mates_.push_back(slot);
  }
  at_ = 0;
  phase_ = Phase::Link;
}

void Appender::link_some(Network& network, Budget& budget) {
  at_ += take_turns(mates_.size() - at_, linking_, budget, [&](Hand& hand, std::size_t i) {
    hand.linker.link(network, mates_[at_ + i], mates_, hand.backlinks);
  });
  if (at_ < mates_.size()) return;
  collect_backlinks();
  at_ = 0;
  phase_ = Phase::LinkBack;
}

void Appender::collect_backlinks() {
  backlinks_.clear();
  for (const auto& hand : hands_) {
    backlinks_.insert(backlinks_.end(), hand->backlinks.begin(), hand->backlinks.end());
    hand->backlinks.clear();
  }
  // No two are equal, so which worker found which does not show.
  sort_items(backlinks_, std::less<>{});
  groups_.clear();
  for (std::size_t i = 0; i < backlinks_.size(); ++i) {
    if (i == 0 || backlinks_[i].target != backlinks_[i - 1].target ||
        backlinks_[i].level != backlinks_[i - 1].level) {
      groups_.push_back(i);
    }
  }
  groups_.push_back(backlinks_.size());
}

void Appender::link_back_some(Network& network, Budget& budget) {
  at_ +=
      take_turns(groups_.size() - 1 - at_, linking_back_, budget, [&](Hand& hand, std::size_t i) {
        const std::size_t first = groups_[at_ + i], end = groups_[at_ + i + 1];
        hand.linker.link_back(network, std::span(backlinks_).subspan(first, end - first));
      });
  if (at_ + 1 == groups_.size()) close_batch(network.graph);
}

void Appender::close_batch(Graph& graph) {
  for (const Slot slot : mates_) {
    if (graph.entry() == kNoSlot || graph.level(slot) > graph.top_level()) graph.set_entry(slot);
  }
  phase_ = next_ == end_ ? Phase::Done : Phase::Open;
}

void Appender::prepare_hands(std::size_t workers) {
  while (hands_.size() < workers)
    hands_.push_back(std::make_unique<Hand>(options_.m, options_.ef_construction));
}

std::uint64_t Appender::examined() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& hand : hands_) sum += hand->linker.examined();
  return sum;
}

std::size_t Appender::Pace::affordable(std::size_t left, const Budget& budget) const noexcept {
  if (budget.workers() == 1) return std::min<std::size_t>(left, 1);
  const std::uint64_t each = turns == 0 ? 2048 : units / turns + 1;
  return static_cast<std::size_t>(
      std::min<std::uint64_t>(left, std::max<std::uint64_t>(budget.left / each, budget.workers())));
}

template <class Turn>
std::size_t Appender::take_turns(std::size_t left, Pace& pace, Budget& budget, Turn turn) {
  prepare_hands(budget.workers());
  const std::size_t count = pace.affordable(left, budget);
  const std::uint64_t before = examined();
  budget.parallel_for(count,
                      [&](std::size_t worker, std::size_t index) { turn(*hands_[worker], index); });
  const std::uint64_t spent = examined() - before + count;
  budget.spend(spent);
  pace.units += spent;
  pace.turns += count;
  return count;
}

}  // namespace corsac::index

#include "index/appender.h"

#include <algorithm>
#include <cassert>

namespace corsac::index {

void Appender::begin(Slot first, const Network& network) {
  assert(is_done());
  next_ = first;
  end_ = static_cast<Slot>(network.codes->size());
  phase_ = next_ == end_ ? Phase::Done : Phase::Open;
}

void Appender::step(Network& network, Budget& budget) {
  const std::uint64_t before = linker_.examined();
  switch (phase_) {
    case Phase::Open: open_batch(network); break;
    case Phase::Link: link_next(network); break;
    case Phase::LinkBack: link_back_next(network); break;
    case Phase::Done: break;
  }
  budget.spend(linker_.examined() - before + 1);
}

void Appender::open_batch(Network& network) {
  const std::size_t count = std::min<std::size_t>(batch_size(next_), end_ - next_);
  if (table_.size() == 0) fill_table(network);
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
  backlinks_.clear();
  at_ = 0;
  phase_ = Phase::Link;
}

void Appender::fill_table(const Network& network) {
  for (Slot slot = 0; slot < next_; ++slot) {
    if (!network.graph.has(slot) || network.vacant.test(slot)) continue;
    table_.find_or_put(*network.codes, slot, [](Slot) { return false; });
  }
}

void Appender::link_next(Network& network) {
  if (at_ < mates_.size()) {
    linker_.link(network, mates_[at_++], mates_, backlinks_);
    return;
  }
  std::sort(backlinks_.begin(), backlinks_.end());
  at_ = 0;
  phase_ = Phase::LinkBack;
}

void Appender::link_back_next(Network& network) {
  if (at_ == backlinks_.size()) return close_batch(network.graph);
  const std::size_t first = at_;
  while (at_ < backlinks_.size() && backlinks_[at_].target == backlinks_[first].target &&
         backlinks_[at_].level == backlinks_[first].level) {
    ++at_;
  }
  linker_.link_back(network, std::span(backlinks_).subspan(first, at_ - first));
}

void Appender::close_batch(Graph& graph) {
  for (const Slot slot : mates_) {
    if (graph.entry() == kNoSlot || graph.level(slot) > graph.top_level()) graph.set_entry(slot);
  }
  phase_ = next_ == end_ ? Phase::Done : Phase::Open;
}

}  // namespace corsac::index

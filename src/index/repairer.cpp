#include "index/repairer.h"

#include <algorithm>

namespace corsac::index {
namespace {

constexpr std::size_t kMostCandidates = 256;

}  // namespace

bool Repairer::is_due(const Network& network) noexcept {
  if (network.vacant_nodes == 0) return false;
  const std::size_t nodes = network.graph.nodes();
  return network.vacant_nodes == nodes ||
         network.vacant_nodes >= std::max<std::size_t>(16, nodes / 32) ||
         network.vacant.test(network.graph.entry());
}

void Repairer::step(Network& network, Linker& linker, Budget& budget) {
  const std::uint64_t before = linker.examined();
  Graph& graph = network.graph;
  while (at_ < graph.size() && !mend(network, linker, at_++)) {
  }
  if (at_ == graph.size()) finish(network);
  budget.spend(linker.examined() - before + 1);
}

bool Repairer::mend(Network& network, Linker& linker, Slot node) {
  const Graph& graph = network.graph;
  if (!graph.has(node) || network.vacant.test(node)) return false;
  bool changed = false;
  for (unsigned level = 0; level <= graph.level(node); ++level) {
    const std::span<const Slot> links = graph.links(node, level);
    if (std::none_of(links.begin(), links.end(),
                     [&](Slot slot) { return network.vacant.test(slot); }))
      continue;
    gather_behind(network, node, level);
    linker.relink(network, node, level, found_);
    changed = true;
  }
  return changed;
}

void Repairer::gather_behind(const Network& network, Slot node, unsigned level) {
  found_.clear();
  behind_.assign(1, node);
  for (std::size_t i = 0; i < behind_.size() && found_.size() < kMostCandidates; ++i) {
    for (const Slot slot : network.graph.links(behind_[i], level)) {
      std::vector<Slot>& list = network.vacant.test(slot) ? behind_ : found_;
      if (slot != node && std::find(list.begin(), list.end(), slot) == list.end())
        list.push_back(slot);
    }
  }
}

void Repairer::finish(Network& network) {
  Graph& graph = network.graph;
  Slot entry = kNoSlot;
  for (Slot slot = 0; slot < graph.size(); ++slot) {
    if (!graph.has(slot) || network.vacant.test(slot)) continue;
    if (entry == kNoSlot || graph.level(slot) > graph.level(entry)) entry = slot;
  }
  if (graph.entry() == kNoSlot || network.vacant.test(graph.entry())) graph.set_entry(entry);
  for (Slot slot = 0; slot < graph.size(); ++slot) {
    if (!graph.has(slot) || !network.vacant.test(slot)) continue;
    graph.erase(slot);
    network.twins.dissolve(slot);
  }
  network.vacant_nodes = 0;
  is_running_ = false;
}

}  // namespace corsac::index

#include "index/linker.h"

#include <algorithm>
#include <limits>

#include "index/walk.h"

namespace corsac::index {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

}  // namespace

void Linker::link(Network& network, Slot node, std::span<const Slot> mates,
                  std::vector<Backlink>& backlinks) {
  Graph& graph = network.graph;
  network.codes->prepare_stored(node, scratch_.query);
  const bool is_empty = graph.entry() == kNoSlot;
  const unsigned level = graph.level(node), top = graph.top_level();
  Neighbour start{};
  if (!is_empty) start = descend(network, scratch_, level, examined_);
  for (unsigned at = level + 1; at-- > 0;) {
    if (!is_empty && at <= top) {
      collect(network, at, start);
      // Not a mate: nobody links to those yet, and they are added below.
      start = {score_of(scratch_.pool.keys().front()), slot_of(scratch_.pool.keys().front())};
    } else {
      scratch_.pool.begin(ef_);
    }
    add_mates(network, node, mates, at);
    take_candidates(network, node);
    if (candidates_.empty() && at == 0 && !is_empty) take_all(network, node);
    choose(network, node, at, backlinks);
  }
}

void Linker::link_back(Network& network, std::span<const Backlink> group) {
  const Slot target = group.front().target;
  const unsigned level = group.front().level;
  Graph& graph = network.graph;
  fresh_.clear();
  for (const Backlink& link : group) {
    const std::span<const Slot> links = graph.links(target, level);
    if (std::find(links.begin(), links.end(), link.source) == links.end())
      fresh_.push_back({link.score, link.source});
  }
  const std::span<const Slot> links = graph.links(target, level);
  if (links.size() + fresh_.size() <= graph.capacity(level)) {
    for (const Neighbour& neighbour : fresh_) graph.add_link(target, level, neighbour.slot);
    return;
  }
  network.codes->prepare_stored(target, scratch_.query);
  network.codes->score(scratch_.query, links, scratch_.scores);
  examined_ += links.size();
  candidates_.assign(fresh_.begin(), fresh_.end());
  for (std::size_t i = 0; i < links.size(); ++i)
    candidates_.push_back({scratch_.scores[i], links[i]});
  selector_.sort(candidates_);
  store(graph, target, level,
        selector_.select(*network.codes, candidates_, graph.capacity(level), m_));
}

void Linker::relink(Network& network, Slot node, unsigned level, std::span<const Slot> candidates) {
  network.codes->prepare_stored(node, scratch_.query);
  candidates_.clear();
  score_into_candidates(network, candidates);
  selector_.sort(candidates_);
  store(network.graph, node, level,
        selector_.select(*network.codes, candidates_, network.graph.capacity(level), m_));
}

void Linker::collect(const Network& network, unsigned level, Neighbour start) {
  if (level > 0 || network.vacant_nodes == 0) {
    walk_level(network, scratch_, OpenGate{}, level, start, ef_, kNoLimit, examined_);
  } else {
    walk_level(network, scratch_, LiveGate{network.vacant, network.graph.size()}, level, start, ef_,
               kNoLimit, examined_);
  }
}

void Linker::add_mates(const Network& network, Slot node, std::span<const Slot> mates,
                       unsigned level) {
  for (; !mates.empty(); mates = mates.subspan(std::min(kHopSlots, mates.size()))) {
    std::size_t count = 0;
    for (const Slot mate : mates.first(std::min(kHopSlots, mates.size()))) {
      if (mate != node && network.graph.level(mate) >= level) scratch_.slots[count++] = mate;
    }
    network.codes->score(scratch_.query, std::span(scratch_.slots).first(count), scratch_.scores);
    examined_ += count;
    for (std::size_t i = 0; i < count; ++i) {
      const CandidateKey key = make_key(scratch_.scores[i], scratch_.slots[i]);
      if (key < scratch_.pool.bound()) scratch_.pool.insert(key);
    }
  }
}

void Linker::take_candidates(const Network& network, Slot node) {
  candidates_.clear();
  for (const CandidateKey key : scratch_.pool.keys()) {
    const Slot slot = slot_of(key);
    if (slot != node && !network.vacant.test(slot)) candidates_.push_back({score_of(key), slot});
  }
}

void Linker::take_all(const Network& network, Slot node) {
  fresh_slots_.clear();
  for (Slot slot = 0; slot < network.graph.size(); ++slot) {
    if (slot != node && network.graph.has(slot) && !network.vacant.test(slot))
      fresh_slots_.push_back(slot);
  }
  score_into_candidates(network, fresh_slots_);
  selector_.sort(candidates_);
  if (candidates_.size() > ef_) candidates_.resize(ef_);
}

void Linker::score_into_candidates(const Network& network, std::span<const Slot> slots) {
  examined_ += slots.size();
  for (; !slots.empty(); slots = slots.subspan(std::min(kHopSlots, slots.size()))) {
    const std::span<const Slot> block = slots.first(std::min(kHopSlots, slots.size()));
    network.codes->score(scratch_.query, block, scratch_.scores);
    for (std::size_t i = 0; i < block.size(); ++i)
      candidates_.push_back({scratch_.scores[i], block[i]});
  }
}

void Linker::choose(Network& network, Slot node, unsigned level, std::vector<Backlink>& backlinks) {
  const std::span<const Neighbour> chosen = selector_.select(*network.codes, candidates_, m_, m_);
  for (const Neighbour& neighbour : chosen)
    backlinks.push_back({neighbour.slot, node, neighbour.score, level});
  store(network.graph, node, level, chosen);
}

void Linker::store(Graph& graph, Slot node, unsigned level, std::span<const Neighbour> chosen) {
  chosen_slots_.clear();
  for (const Neighbour& neighbour : chosen) chosen_slots_.push_back(neighbour.slot);
  graph.set_links(node, level, chosen_slots_);
}

}  // namespace corsac::index

// The parts of a graph index that searching, linking and repairing all work on.
#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "base/bitset.h"
#include "codec/codec.h"
#include "index/candidate_pool.h"
#include "index/graph.h"
#include "index/twins.h"
#include "index/visited.h"

namespace corsac::index {

struct Network {
  std::unique_ptr<codec::Codec> codes;
  Graph graph;
  Twins twins;
  Bitset vacant;  // [codes->size()] nodes whose slots were all removed: they route, but are no hits
  std::size_t vacant_nodes = 0;  // of those, how many are still in the graph
};

/// A node and how near it is.
struct Neighbour {
  float score;
  Slot slot;
};

/// Rows that one hop may score: the neighbours of a node, and of some of its neighbours.
inline constexpr std::size_t kHopSlots = 256;

/// What a walk writes to. One serves many walks one after the other and stops allocating after the
/// first.
struct WalkScratch {
  codec::Query query;
  CandidatePool pool;
  Visited visited;
  std::array<Slot, kHopSlots> slots;
  std::array<float, kHopSlots> scores;
  std::array<Slot, kHopSlots> detours;
};

}  // namespace corsac::index

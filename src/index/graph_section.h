// When is a graph stored whole, and when only what changed? The section is a base and patches
// (base/patched.h), each of them a graph or its changes, then twins:
//
//   twins := changed u8, [the whole list of equal vectors, unless 0]
#pragma once

#include "base/bitset.h"
#include "base/patched.h"
#include "index/graph.h"
#include "index/twins.h"

namespace corsac::index {

class GraphSection {
 public:
  void save(Graph& graph, Twins& twins, SectionSink& sink);

  struct Loaded {
    Graph graph;
    Twins twins;
    Bitset nodes;  ///< [vectors]
  };
  /// Fails with: Corrupt, UnsupportedFormat.
  Result<Loaded> load(const SectionSource& source, std::uint32_t m, const Bitset& removed);

 private:
  PatchedSection stored_{SectionId::Graph};
};

}  // namespace corsac::index

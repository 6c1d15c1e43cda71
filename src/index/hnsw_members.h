// Hnsw: the walk of one query, saving and loading. Included by hnsw.h only.
#pragma once

#include "index/hnsw.h"

namespace corsac::index {

template <codec::Codec Codes>
bool Hnsw<Codes>::walk(const VectorQuery& query, std::size_t ef, std::size_t wanted,
                       VectorResult& result) const {
  const Neighbour start = descend(network_, scratch_, 0, result.examined);
  const std::uint64_t limit = wanted;  // then a scan is cheaper
  const auto run = [&](const auto& gate) {
    const std::size_t room =
        ef + (gate(start.slot) ? 0 : 1);  // The start is a candidate whatever it is.
    walk_level(network_, scratch_, gate, 0, start, room, limit, result.examined);
  };
  if (query.allowed != nullptr) {
    const AllowedGate gate(*query.allowed, network_.twins);
    // Matches far from the query lie beyond nodes that a walk would not score.
    const double share = static_cast<double>(wanted) / static_cast<double>(live());
    if (passing_share(network_.graph, gate, start.slot) < share / 2) return false;
    run(gate);
  } else if (network_.vacant_nodes > 0 || is_appending()) {
    run(LiveGate{network_.vacant, size()});
  } else {
    run(OpenGate{});
  }
  if (result.examined >= limit || !scratch_.pool.full()) return false;
  result.path = Path::Graph;
  collect_hits(query, result);
  return true;
}

template <codec::Codec Codes>
void Hnsw<Codes>::collect_hits(const VectorQuery& query, VectorResult& result) const {
  const bool reranks = Codes::kHasPlane && options_.rerank;
  const std::size_t count = reranks ? rerank_count(query.k) : query.k;
  BestHits best(query.k, query.ordinals);
  candidates_.clear();
  for (const CandidateKey key : scratch_.pool.keys()) {
    if (candidates_.size() >= count) break;
    const Slot node = slot_of(key);
    const auto take = [&](Slot slot) {
      if (!is_wanted(query, slot)) return;
      candidates_.push_back(slot);
      if (!reranks) best.push(slot, score_of(key));
    };
    take(node);
    for (const Slot slot : network_.twins.others(node)) take(slot);
  }
  if (reranks) {
    rerank(network_.codes, scratch_.query, query, candidates_, result);
  } else {
    best.take(result);
  }
}

template <codec::Codec Codes>
void Hnsw<Codes>::save(SectionSink& sink) {
  assert(!is_appending());
  if (!is_stored_) restart_sections(sink);
  is_stored_ = true;
  network_.codes.save(sink);
  ByteWriter graph;
  network_.graph.encode(graph);
  network_.twins.encode(graph);
  sink.replace(SectionId::Graph, graph.view());
  ByteWriter meta;
  removed_.encode(options_, meta);
  sink.replace(SectionId::IndexMeta, meta.view());
}

template <codec::Codec Codes>
Status Hnsw<Codes>::load(const SectionSource& source, std::size_t vectors) {
  ByteReader meta(source.section(SectionId::IndexMeta));
  Result<Tombstones> removed = Tombstones::decode(options_, vectors, meta);
  if (!removed) return removed.error();
  if (!meta.finished())
    return Error{ErrorCode::Corrupt, "index: stray bytes after the removed vectors"};
  if (Status loaded = network_.codes.load(source, vectors); !loaded) return loaded;

  ByteReader in(source.section(SectionId::Graph));
  Result<Graph> graph = Graph::decode(options_.m, vectors, in);
  if (!graph) return graph.error();
  Bitset nodes(vectors);
  for (Slot slot = 0; slot < vectors; ++slot) {
    if (graph->has(slot)) nodes.set(slot);
  }
  Result<Twins> twins = Twins::decode(nodes, removed->bits(), in);
  if (!twins) return twins.error();
  if (!in.finished()) return Error{ErrorCode::Corrupt, "graph: stray bytes at the end"};

  network_.vacant.resize(vectors);
  for (Slot slot = 0; slot < vectors; ++slot) {
    if (!nodes.test(slot)) {
      // Neither a node nor a twin: taken out after it was removed.
      if (twins->representative_of(slot) == slot && !removed->test(slot)) {
        return Error{ErrorCode::Corrupt, "graph: vector " + std::to_string(slot) + " is missing"};
      }
      continue;
    }
    if (!removed->test(slot) || twins->live(slot) > 0) continue;
    network_.vacant.set(slot);
    ++network_.vacant_nodes;
  }
  network_.graph = *std::move(graph);
  network_.twins = *std::move(twins);
  removed_ = *std::move(removed);
  is_stored_ = true;
  return Done{};
}

}  // namespace corsac::index

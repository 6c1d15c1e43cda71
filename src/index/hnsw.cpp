#include "index/hnsw.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "index/check_query.h"
#include "index/plan.h"
#include "index/scan.h"
#include "index/walk.h"

namespace corsac::index {

void Hnsw::begin_append(std::span<const float> vectors) {
  assert(!is_appending());
  network_.codes->append(vectors);
  const std::size_t end = network_.codes->size();
  network_.graph.grow(end);
  network_.twins.grow(end);
  network_.vacant.resize(end);
  if (Repairer::is_due(network_)) repairer_.begin();
  appender_.begin(static_cast<Slot>(size()), network_);
}

bool Hnsw::step(Budget& budget) {
  while (!repairer_.is_done()) {
    if (budget.spent()) return false;
    repairer_.step(network_, appender_.linker(), budget);
  }
  while (!appender_.is_done()) {
    if (budget.spent()) return false;
    appender_.step(network_, budget);
  }
  removed_.grow(network_.codes->size());
  return true;
}

void Hnsw::remove(Slot slot) {
  assert(slot < size() && !is_appending());
  if (!removed_.set(slot)) return;
  const Slot node = network_.twins.representative_of(slot);
  if (network_.twins.remove(node) > 0) return;
  network_.vacant.set(node);
  ++network_.vacant_nodes;
}

Result<VectorResult> Hnsw::search(const VectorQuery& query) const {
  if (Status checked = check_query(options_, size(), query); !checked) return checked.error();
  Scratch& scratch = scratches_.of(query.worker);
  network_.codes->prepare(query.vector, scratch.walk.query);
  const std::size_t wanted = query.allowed == nullptr ? live() : query.allowed_count;
  const std::size_t ef = std::max(query.ef == 0 ? options_.ef_search : query.ef, query.k);
  VectorResult result;
  if (wanted == 0) return result;
  const bool must_scan = query.force_scan || scratch.walk.query.is_zero();
  if (must_scan || should_scan(wanted, live(), ef) || !walk(query, ef, wanted, scratch, result)) {
    scan(*network_.codes, scratch.walk.query, query, options_, size(), removed_.bits(), result);
  }
  return result;
}

bool Hnsw::walk(const VectorQuery& query, std::size_t ef, std::size_t wanted, Scratch& scratch,
                VectorResult& result) const {
  const Neighbour start = descend(network_, scratch.walk, 0, result.examined);
  const std::uint64_t limit = wanted;  // then a scan is cheaper
  const auto run = [&](const auto& gate) {
    const std::size_t room =
        ef + (gate(start.slot) ? 0 : 1);  // The start is a candidate whatever it is.
    walk_level(network_, scratch.walk, gate, 0, start, room, limit, result.examined);
  };
  if (query.allowed != nullptr) {
    const AllowedGate gate(*query.allowed, network_.twins);
    // Matches far from the query lie beyond nodes that a walk would not score.
    const double share = static_cast<double>(wanted) / static_cast<double>(live());
    if (passing_share(network_.graph, gate, start.slot) < share * 3 / 4) return false;
    run(gate);
  } else if (network_.vacant_nodes > 0 || is_appending()) {
    run(LiveGate{network_.vacant, size()});
  } else {
    run(OpenGate{});
  }
  if (result.examined >= limit || !scratch.walk.pool.full()) return false;
  result.path = Path::Graph;
  collect_hits(query, scratch, result);
  return true;
}

void Hnsw::collect_hits(const VectorQuery& query, Scratch& scratch, VectorResult& result) const {
  const std::size_t rescored = rerank_count(*network_.codes, options_, query);
  const bool reranks = rescored > 0;
  const std::size_t count = reranks ? rescored : query.k;
  BestHits best(query.k, query.ordinals);
  scratch.candidates.clear();
  for (const CandidateKey key : scratch.walk.pool.keys()) {
    if (scratch.candidates.size() >= count) break;
    const Slot node = slot_of(key);
    const auto take = [&](Slot slot) {
      if (!is_wanted(query, slot)) return;
      scratch.candidates.push_back({score_of(key), slot});
      if (!reranks) best.push(slot, score_of(key));
    };
    take(node);
    for (const Slot slot : network_.twins.others(node)) take(slot);
  }
  if (reranks) {
    rerank(*network_.codes, scratch.walk.query, query, scratch.candidates, result);
  } else {
    best.take(result);
  }
}

void Hnsw::save(SectionSink& sink) {
  assert(!is_appending());
  if (!is_stored_) restart_sections(sink);
  is_stored_ = true;
  network_.codes->save(sink);
  section_.save(network_.graph, network_.twins, sink);
  ByteWriter meta;
  removed_.encode(options_, meta);
  sink.replace(SectionId::IndexMeta, meta.view());
}

Status Hnsw::load(const SectionSource& source, std::size_t vectors) {
  ByteReader meta(source.section(SectionId::IndexMeta));
  Result<Tombstones> removed = Tombstones::decode(options_, vectors, meta);
  if (!removed) return removed.error();
  if (!meta.finished())
    return Error{ErrorCode::Corrupt, "index: stray bytes after the removed vectors"};
  if (Status codes = network_.codes->load(source, vectors); !codes) return codes;

  Result<GraphSection::Loaded> loaded = section_.load(source, options_.m, removed->bits());
  if (!loaded) return loaded.error();
  auto& [graph, twins, nodes] = *loaded;

  network_.vacant.resize(vectors);
  for (Slot slot = 0; slot < vectors; ++slot) {
    if (!nodes.test(slot)) {
      // Neither a node nor a twin: taken out after it was removed.
      if (twins.representative_of(slot) == slot && !removed->test(slot)) {
        return Error{ErrorCode::Corrupt, "graph: vector " + std::to_string(slot) + " is missing"};
      }
      continue;
    }
    if (!removed->test(slot) || twins.live(slot) > 0) continue;
    network_.vacant.set(slot);
    ++network_.vacant_nodes;
  }
  network_.graph = std::move(graph);
  network_.twins = std::move(twins);
  removed_ = *std::move(removed);
  is_stored_ = true;
  return Done{};
}

}  // namespace corsac::index

#include "index/graph_section.h"

#include <utility>

namespace corsac::index {
namespace {

constexpr std::size_t kFewestPerNode = 16;  // bytes that a changed node takes at least, or nearly

Error stray() { return {ErrorCode::Corrupt, "graph: stray bytes at the end"}; }

}  // namespace

void GraphSection::save(Graph& graph, Twins& twins, SectionSink& sink) {
  const std::size_t changed = graph.changed();
  if (stored_.is_stored() && changed == 0 && !twins.changed()) return;
  ByteWriter out;
  if (stored_.takes(changed * kFewestPerNode)) {
    graph.encode_changes(out);
    out.put(static_cast<std::uint8_t>(twins.changed()));
    if (twins.changed()) twins.encode(out);
  }
  if (out.size() > 0 && stored_.takes(out.size())) {
    stored_.patch(sink, out.view());
  } else {
    ByteWriter whole;
    graph.encode(whole);
    whole.put(std::uint8_t{1});
    twins.encode(whole);
    stored_.replace(sink, whole.view());
  }
  graph.settle();
  twins.settle();
}

Result<GraphSection::Loaded> GraphSection::load(const SectionSource& source, std::uint32_t m,
                                                const Bitset& removed) {
  const Result<PatchedContent> content = split_patched(source.section(SectionId::Graph));
  if (!content) return content.error();
  ByteReader base(content->base);
  Result<Graph> graph = Graph::decode(m, removed.size(), base);
  if (!graph) return graph.error();
  if (content->is_marked) base.get<std::uint8_t>();
  ByteView twins = base.take(base.remaining());  // the last list counts
  for (const ByteView patch : content->patches) {
    ByteReader in(patch);
    if (Status applied = graph->apply_changes(in); !applied) return applied.error();
    if (in.get<std::uint8_t>() != 0) twins = in.take(in.remaining());
    if (!in.finished()) return stray();
  }
  if (Status good = graph->check(); !good) return good.error();
  Bitset nodes(removed.size());
  for (Slot slot = 0; slot < nodes.size(); ++slot) {
    if (graph->has(slot)) nodes.set(slot);
  }
  ByteReader in(twins);
  Result<Twins> decoded = Twins::decode(nodes, removed, in);
  if (!decoded) return decoded.error();
  if (!in.finished()) return stray();
  graph->settle();
  decoded->settle();
  stored_.loaded(*content);
  return Loaded{*std::move(graph), *std::move(decoded), std::move(nodes)};
}

}  // namespace corsac::index

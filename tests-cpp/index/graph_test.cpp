#include "index/graph.h"

#include <gtest/gtest.h>

namespace corsac::index {
namespace {

constexpr std::uint32_t kM = 4;

Graph small_graph() {
  Graph graph(kM);
  graph.grow(6);
  for (Slot slot = 0; slot < 5; ++slot) graph.add(slot, slot == 2 || slot == 4 ? 2 : 0);
  graph.set_entry(2);
  const Slot of_two[] = {0, 1, 3, 4}, high_of_two[] = {4}, of_four[] = {2};
  graph.set_links(2, 0, of_two);
  graph.set_links(2, 2, high_of_two);
  graph.set_links(4, 1, of_four);
  return graph;
}

std::vector<Slot> links(const Graph& graph, Slot slot, unsigned level) {
  const auto found = graph.links(slot, level);
  return {found.begin(), found.end()};
}

TEST(Graph, KeepsListsApart) {
  const Graph graph = small_graph();
  EXPECT_EQ(links(graph, 2, 0), (std::vector<Slot>{0, 1, 3, 4}));
  EXPECT_EQ(links(graph, 2, 1), std::vector<Slot>{});
  EXPECT_EQ(links(graph, 2, 2), std::vector<Slot>{4});
  EXPECT_EQ(links(graph, 4, 1), std::vector<Slot>{2});
  EXPECT_EQ(graph.top_level(), 2u);
  EXPECT_FALSE(graph.has(5));
}

TEST(Graph, AddsALinkBehindTheOthers) {
  Graph graph = small_graph();
  graph.add_link(4, 1, 2);
  graph.add_link(0, 0, 3);
  graph.add_link(0, 0, 1);
  EXPECT_EQ(links(graph, 0, 0), (std::vector<Slot>{3, 1}));
}

TEST(Graph, FillsAListToItsCapacity) {
  Graph graph(kM);
  graph.grow(10);
  for (Slot slot = 0; slot < 10; ++slot) graph.add(slot, 0);
  for (Slot slot = 1; slot < 9; ++slot) graph.add_link(0, 0, slot);
  EXPECT_EQ(links(graph, 0, 0).size(), graph.capacity(0));
}

TEST(Graph, ComesBackFromItsBytes) {
  Graph graph = small_graph();
  graph.erase(3);
  const Slot fewer[] = {0, 1, 4};
  graph.set_links(2, 0, fewer);
  ByteWriter out;
  graph.encode(out);
  ByteReader in(out.view());
  const auto read = Graph::decode(kM, 6, in);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_TRUE(in.finished());
  EXPECT_EQ(read->entry(), 2u);
  EXPECT_FALSE(read->has(3));
  for (const Slot slot : {0u, 1u, 2u, 4u}) {
    ASSERT_EQ(read->level(slot), graph.level(slot));
    for (unsigned level = 0; level <= graph.level(slot); ++level)
      EXPECT_EQ(links(*read, slot, level), links(graph, slot, level));
  }
}

TEST(Graph, ItsChangesOnTopOfWhatWasStoredAreTheWhole) {
  Graph graph = small_graph();
  EXPECT_EQ(graph.changed(), 5u);
  ByteWriter base;
  graph.encode(base);
  graph.settle();
  EXPECT_EQ(graph.changed(), 0u);
  graph.grow(8);
  graph.add(6, 3);
  graph.set_entry(6);
  const Slot of_six[] = {0, 2};
  graph.set_links(6, 0, of_six);
  graph.add_link(0, 0, 6);
  const Slot fewer[] = {0, 1, 4};
  graph.set_links(2, 0, fewer);
  graph.erase(3);
  EXPECT_EQ(graph.changed(), 4u);
  ByteWriter changes;
  graph.encode_changes(changes);

  ByteReader in(base.view());
  auto read = Graph::decode(kM, 8, in);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  ByteReader more(changes.view());
  ASSERT_TRUE(read->apply_changes(more).has_value());
  EXPECT_TRUE(more.finished());
  EXPECT_TRUE(read->check().has_value());
  ByteWriter expected, actual;
  graph.encode(expected);
  read->encode(actual);
  EXPECT_EQ(as_text(actual.view()), as_text(expected.view()));
}

TEST(Graph, OfALaterVersionIsAnUnsupportedFormat) {
  ByteWriter out;
  small_graph().encode(out);
  Bytes newer = std::move(out).take();
  newer[0] = std::byte{3};
  ByteReader in(newer);
  EXPECT_EQ(Graph::decode(kM, 6, in).error().code, ErrorCode::UnsupportedFormat);
}

TEST(Graph, ReadsWhatVersion1Wrote) {
  const Graph graph = small_graph();
  ByteWriter out;
  graph.encode(out);
  Bytes old = std::move(out).take();
  old[0] = std::byte{1};
  old.erase(old.begin() + 8, old.begin() + 12);  // version 1 has no size
  ByteReader in(old);
  const auto read = Graph::decode(kM, 6, in);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_TRUE(read->check().has_value());
  EXPECT_EQ(links(*read, 2, 0), links(graph, 2, 0));
}

TEST(Graph, RefusesListsThatBreakItsRules) {
  const auto message = [](Slot slot, unsigned level, std::vector<Slot> bad) {
    Graph graph = small_graph();
    graph.set_links(slot, level, bad);
    ByteWriter out;
    graph.encode(out);
    ByteReader in(out.view());
    const auto read = Graph::decode(kM, 6, in);
    return read ? read->check().error().message : read.error().message;
  };
  EXPECT_EQ(message(0, 0, {5}), "graph: node 0 links to 5 on level 0");
  EXPECT_EQ(message(0, 0, {0}), "graph: node 0 links to 0 on level 0");
  EXPECT_EQ(message(0, 0, {99}), "graph: node 0 links to 99 on level 0");
  EXPECT_EQ(message(2, 1, {3}), "graph: node 2 links to 3 on level 1");
  EXPECT_EQ(message(2, 0, {1, 3, 1}), "graph: node 2 has a neighbour twice");
}

}  // namespace
}  // namespace corsac::index

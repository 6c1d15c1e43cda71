// How do new vectors become nodes? In batches: every node of a batch is linked against the graph as
// it was before the batch, then the links back are grouped by target and each list is changed by
// its own group alone (after the prefix doubling of ParlayANN, Manohar et al., PPoPP 2024,
// arXiv:2305.04359). Neither half has turns that depend on each other, so any number of workers
// makes the same graph: it depends on the order of the vectors and on nothing else.
// tests-cpp/index/parallel_build_test.cpp compares the bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/budget.h"
#include "index/levels.h"
#include "index/linker.h"
#include "index/vector_index.h"

namespace corsac::index {

class Appender {
 public:
  struct Options {
    std::uint32_t m, ef_construction;
    std::uint64_t seed;
    Build build;
  };
  explicit Appender(const Options& options);

  bool is_done() const noexcept { return phase_ == Phase::Done; }

  /// Starts on the slots from `first` to the last one that has a code.
  void begin(Slot first, const Network& network);

  /// Alone: one node linked, or one list changed. With more workers: as many as the budget holds,
  /// and at least one each.
  void step(Network& network, Budget& budget);

  Linker& linker() noexcept { return hands_.front()->linker; }

 private:
  enum class Phase : std::uint8_t { Done, Fill, Open, Link, LinkBack };

  /// What one worker links with.
  struct Hand {
    Hand(std::uint32_t m, std::uint32_t ef) : linker(m, ef) {}
    Linker linker;
    std::vector<Backlink> backlinks;  // found in the links of this batch
  };

  /// What a turn of a phase costs, learnt from those before.
  struct Pace {
    std::uint64_t units = 0, turns = 0;
    std::size_t affordable(std::size_t left, const Budget& budget) const noexcept;
  };

  std::size_t batch_size() const noexcept;
  void fill_table(const Network& network, Budget& budget);
  void open_batch(Network& network);
  void link_some(Network& network, Budget& budget);
  void collect_backlinks();
  void link_back_some(Network& network, Budget& budget);
  void close_batch(Graph& graph);

  void prepare_hands(std::size_t workers);
  std::uint64_t examined() const noexcept;
  /// Calls turn(hand, index) for as many indices as the budget holds, at most `left`. Gives how
  /// many.
  template <class Turn>
  std::size_t take_turns(std::size_t left, Pace& pace, Budget& budget, Turn turn);

  Levels levels_;
  Options options_;
  std::vector<std::unique_ptr<Hand>> hands_;  // by worker
  Pace linking_, linking_back_;
  TwinTable table_;
  Phase phase_ = Phase::Done;
  Slot filled_ = 0;                  // slots looked at by Fill
  Slot next_ = 0, end_ = 0;          // slots not yet in a batch
  std::vector<Slot> mates_;          // the new nodes of this batch
  std::vector<Backlink> backlinks_;  // of this batch, sorted
  std::vector<std::size_t> groups_;  // where in backlinks_ each target's begin, then the end
  std::size_t at_ = 0;               // in mates_ or groups_, by phase
};

}  // namespace corsac::index

// Random sessions against a list that remembers what was acknowledged, with kills, power losses,
// failing batches and crashes during recovery and checkpoints. After every crash:
//   - what was acknowledged as durable is there, in order, and nothing that was never written;
//   - each call is there whole or not at all;
//   - opening twice gives the same.
#include <gtest/gtest.h>

#include <cstdlib>

#include "storage/acknowledged.h"
#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

using testing::Acknowledged;
using testing::SimulatedDisk;

class Session {
 public:
  explicit Session(std::uint64_t seed) : random_(seed), store_(disk_, options(random_)) {}

  void run(int steps) {
    reopen();
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) step();
  }

 private:
  static DurableOptions options(Random& random) {
    DurableOptions out;
    out.keep = 1 + static_cast<std::uint32_t>(random.below(2));
    out.segment_bytes = 300 + random.below(3000);
    out.checkpoint_codec = static_cast<compress::Codec>(random.below(4));
    return out;
  }

  std::vector<Bytes> group() {
    std::vector<Bytes> out(1 + random_.below(4));
    for (Bytes& operation : out) {
      const std::uint64_t size =
          random_.below(200) == 0 ? 1'200'000 + random_.below(100'000) : 8 + random_.below(400);
      operation = test_operation(++counter_, size);
    }
    return out;
  }

  void step() {
    const std::uint64_t what = random_.below(100);
    if (what < 60) {
      write(random_.below(3) == 0);
    } else if (what < 75) {
      checkpoint();
    } else if (what < 80) {
      flush();
    } else if (what < 85) {
      close();
    } else {
      crash();
    }
  }

  // Hands a batch to the disk: it is stored, fails, or is under way when everything stops.
  enum class Fate { Stored, Failed, Crashed };
  Fate hand_over(const EffectBatch& batch) {
    const std::uint64_t fate = random_.below(12);
    if (fate == 0) {
      disk_.execute_failing(batch, random_);
      return Fate::Failed;
    }
    if (fate == 1) {
      EffectBatch unfinished = batch;
      unfinished.strict = false;
      EXPECT_TRUE(disk_.execute(unfinished)) << disk_.why();
      return Fate::Crashed;
    }
    EXPECT_TRUE(disk_.execute(batch)) << disk_.why();
    if (batch.strict) owed_.durable = owed_.known.size();
    return Fate::Stored;
  }

  void write(bool strict) {
    std::vector<Bytes> operations = group();
    const EffectBatch batch = store_.take(operations, strict);
    const bool safe = batch.strict;
    switch (hand_over(batch)) {
      case Fate::Stored:
        store_.stored(strict);
        owed_.add(operations, safe);
        break;
      case Fate::Failed:
        store_.journal().group_failed();
        owed_.doubtful.push_back(std::move(operations));
        break;
      case Fate::Crashed:
        owed_.doubtful.push_back(std::move(operations));
        crash();
        break;
    }
  }

  void flush() {
    const EffectBatch batch = store_.journal().flush();
    switch (hand_over(batch)) {
      case Fate::Stored:
        if (random_.below(2) == 0) store_.journal().batch_stored();
        if (!batch.effects.empty()) owed_.doubtful.clear();
        break;
      case Fate::Failed: store_.journal().checkpoint_failed(); break;
      case Fate::Crashed: crash(); break;
    }
  }

  void checkpoint() {
    store_.save();
    store_.journal().begin_checkpoint();
    while (const auto batch = store_.journal().next_checkpoint_batch()) {
      switch (hand_over(*batch)) {
        case Fate::Stored: store_.journal().batch_stored(); break;
        case Fate::Failed: return store_.journal().checkpoint_failed();
        case Fate::Crashed: return crash();
      }
      if (random_.below(6) == 0) return crash();
    }
    owed_.doubtful.clear();  // the new root seals them off
  }

  void close() {
    if (hand_over(store_.journal().close()) == Fate::Stored && random_.below(2) == 0)
      return reopen();
    crash();
  }

  void crash() {
    store_.abandon();
    if (random_.below(3) != 0) {
      disk_.lose_power(random_);
      lost_power_ = true;
    }
    reopen();
  }

  void reopen() {
    const Status opened = store_.open(++epoch_);
    ASSERT_TRUE(opened) << opened.error().message << contents();
    ASSERT_EQ(owed_.violation(store_.operations, lost_power_), "") << store_.report.detail;
    const std::vector<Bytes> first = store_.operations;
    const OpenReport report = store_.report;
    ASSERT_TRUE(store_.open(epoch_));
    EXPECT_EQ(store_.operations, first);
    EXPECT_EQ(store_.report.outcome, report.outcome);
    EXPECT_EQ(store_.report.dropped, report.dropped);
    disk_.sync();  // as every host does first
    owed_.reopened(first, true);
    lost_power_ = false;
  }

  std::string contents() const {
    std::string out;
    for (const BlobInfo& blob : disk_.blobs(""))
      out += " " + blob.name + ":" + std::to_string(blob.length);
    const RootPair roots = disk_.roots("7");
    return out + " roots " + std::to_string(roots.slots[0].size()) + " " +
           std::to_string(roots.slots[1].size());
  }

  Random random_;
  SimulatedDisk disk_;
  StandIn store_;
  Acknowledged owed_;
  bool lost_power_ = false;
  std::uint64_t counter_ = 0;
  std::uint64_t epoch_ = 0;
};

std::uint64_t rounds() {
  const char* asked = std::getenv("CORSAC_CRASH_ROUNDS");
  return asked == nullptr ? 40 : std::strtoull(asked, nullptr, 10);
}

TEST(JournalCrash, LosesNothingAcknowledgedInRandomSessions) {
  for (std::uint64_t seed = 1; seed <= rounds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Session(seed).run(60);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace corsac::storage

// Everything stops: before, between and after any two effects of any batch of a session. What is
// then on the disk is a crash image: as the system's cache has it when only the process died, or
// with every effect since the last strict batch kept, dropped, torn or garbled when the power
// failed. Each image is opened and held against what was acknowledged; some are written to and
// stopped again in the middle of that. CORSAC_CRASH_IMAGES says how many are checked, and
// CORSAC_CRASH_SEED where the sessions begin.
#include <gtest/gtest.h>

#include <cstdlib>

#include "storage/acknowledged.h"
#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

using testing::Acknowledged;
using testing::SimulatedDisk;

std::uint64_t asked(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

struct Counts {
  std::uint64_t images = 0, during_recovery = 0, torn = 0, degraded = 0;
  bool enough(std::uint64_t wanted) const { return images >= wanted; }
};

class Session {
 public:
  Session(std::uint64_t seed, Counts& counts)
      : random_(seed),
        options_(random_options(random_)),
        store_(disk_, options_),
        counts_(&counts) {}

  void run(int steps) {
    open();
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) step();
  }

 private:
  static DurableOptions random_options(Random& random) {
    DurableOptions out;
    out.keep = 1 + static_cast<std::uint32_t>(random.below(2));
    out.segment_bytes = 300 + random.below(3000);
    out.checkpoint_codec = static_cast<compress::Codec>(random.below(4));
    return out;
  }

  std::vector<Bytes> group() {
    std::vector<Bytes> out(1 + random_.below(3));
    for (Bytes& operation : out) operation = test_operation(++counter_, 8 + random_.below(200));
    return out;
  }

  void step() {
    const std::uint64_t what = random_.below(100);
    if (what < 65) {
      write(random_.below(3) == 0);
    } else if (what < 85) {
      checkpoint();
    } else if (what < 90) {
      hand_over(store_.journal().flush());
      store_.journal().batch_stored();
    } else {
      hand_over(store_.journal().close());
      open();
    }
  }

  void write(bool strict) {
    const std::vector<Bytes> operations = group();
    const EffectBatch batch = store_.take(operations, strict);
    owed_.doubtful.push_back(operations);
    hand_over(batch);
    store_.stored(strict);
    owed_.add(operations, batch.strict);
  }

  void checkpoint() {
    store_.save();
    store_.journal().begin_checkpoint();
    while (const auto batch = store_.journal().next_checkpoint_batch()) {
      hand_over(*batch);
      store_.journal().batch_stored();
    }
  }

  void open() {
    const Status opened = store_.open(++epoch_);
    ASSERT_TRUE(opened) << opened.error().message;
    ASSERT_EQ(owed_.violation(store_.operations, false), "");
    disk_.sync();
    owed_.reopened(store_.operations, true);
  }

  // Executes a batch, and looks at the images on the way.
  void hand_over(const EffectBatch& batch) {
    stop_within(disk_, batch, owed_, true);
    ASSERT_TRUE(disk_.execute(batch)) << disk_.why();
    if (batch.strict) owed_.durable = owed_.known.size();
  }

  void stop_within(const SimulatedDisk& before, const EffectBatch& batch, const Acknowledged& owed,
                   bool again) {
    SimulatedDisk disk = before;
    for (std::size_t done = 0; done <= batch.effects.size(); ++done) {
      if (done > 0) ASSERT_TRUE(disk.execute({{batch.effects[done - 1]}, false})) << disk.why();
      image(disk, owed, false, again);
      for (int i = 0; i < 4 && disk.unsynced() > 0; ++i) image(disk, owed, true, again);
    }
  }

  void image(SimulatedDisk disk, const Acknowledged& owed, bool lose_power, bool again) {
    if (::testing::Test::HasFailure()) return;
    if (lose_power) disk.lose_power(random_);
    ++counts_->images;
    if (!again) ++counts_->during_recovery;
    StandIn store(disk, options_);
    const Status opened = store.open(epoch_ + 1);
    ASSERT_TRUE(opened) << opened.error().message;
    ASSERT_EQ(owed.violation(store.operations, lose_power), "") << store.report.detail;
    if (store.report.outcome == Outcome::Torn) ++counts_->torn;
    if (store.report.outcome == Outcome::Degraded) ++counts_->degraded;
    if (again && random_.below(8) == 0) recover_and_stop(disk, store, owed, lose_power);
  }

  // The first batch after recovery deletes, seals and starts a segment: it is stopped as well.
  void recover_and_stop(SimulatedDisk disk, StandIn& store, Acknowledged owed, bool lost_power) {
    owed.reopened(store.operations, lost_power);
    disk.sync();  // as every host does first
    owed.durable = owed.known.size();
    if (random_.below(3) == 0) {
      store.save();
      store.journal().begin_checkpoint();
      SimulatedDisk after = disk;
      while (const auto batch = store.journal().next_checkpoint_batch()) {
        stop_within(after, *batch, owed, false);
        ASSERT_TRUE(after.execute(*batch)) << after.why();
        if (batch->strict) owed.durable = owed.known.size();
        store.journal().batch_stored();
      }
    } else {
      const std::vector<Bytes> operations = group();
      const EffectBatch batch = store.take(operations, random_.below(2) == 0);
      owed.doubtful.push_back(operations);
      stop_within(disk, batch, owed, false);
    }
  }

  Random random_;
  DurableOptions options_;
  SimulatedDisk disk_;
  StandIn store_;
  Acknowledged owed_;
  Counts* counts_;
  std::uint64_t counter_ = 0;
  std::uint64_t epoch_ = 0;
};

TEST(CrashImages, HoldWhatWasAcknowledged) {
  const std::uint64_t wanted = asked("CORSAC_CRASH_IMAGES", 5'000);
  Counts counts;
  for (std::uint64_t seed = asked("CORSAC_CRASH_SEED", 1); !counts.enough(wanted); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Session(seed, counts).run(30);
    if (HasFailure()) break;
  }
  std::printf(
      "%llu crash images checked, %llu of them stopped during recovery; %llu torn, %llu "
      "degraded\n",
      static_cast<unsigned long long>(counts.images),
      static_cast<unsigned long long>(counts.during_recovery),
      static_cast<unsigned long long>(counts.torn),
      static_cast<unsigned long long>(counts.degraded));
  EXPECT_GT(counts.torn, 0u);
  EXPECT_GT(counts.during_recovery, counts.images / 20);
}

}  // namespace
}  // namespace corsac::storage

// The real collection over the real protocol and a disk that loses power.
#include "storage/durable_collection.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <span>

#include "collection/writing.h"
#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

using collection::WriteMode;
using collection::test::Doc;
using collection::test::remove_bytes;
using collection::test::write_bytes;
using testing::SimulatedDisk;

constexpr std::uint32_t kDimension = 4;

CatalogEntry entry(index::Kind kind) {
  collection::CollectionOptions options;
  options.dimension = options.index.dimension = kDimension;
  options.auto_index = false;
  options.index.kind = kind;
  options.index.codec = kind == index::Kind::Hnsw ? index::CodecKind::Sq8 : index::CodecKind::F32;
  return {.id = 7, .name = "notes", .options_json = collection::write_options(options)};
}

Doc some_document(std::uint64_t seed) {
  Random random(seed);
  Doc doc;
  doc.id = "id-" + std::to_string(seed % 50);
  doc.content = "the fox number " + std::to_string(seed);
  doc.metadata = R"({"year":)" + std::to_string(seed % 10) + "}";
  for (std::uint32_t i = 0; i < kDimension; ++i) doc.vector.push_back(random.uniform() - 0.5f);
  return doc;
}

class Host {
 public:
  explicit Host(SimulatedDisk& disk, index::Kind kind = index::Kind::Hnsw, std::uint64_t epoch = 0)
      : disk_(&disk), entry_(entry(kind)), epoch_(epoch) {}

  Status open() {
    durable_.reset();
    DurableOptions options;
    options.segment_bytes = 20'000;
    options.checkpoint_operations = 50;
    ++epoch_;
    Opening opening(entry_, test_uuid(1), epoch_, options, test_uuid(epoch_), disk_->roots("7"),
                    disk_->blobs("7/"));
    while (const auto request = opening.next()) opening.supply(disk_->read(*request));
    for (Budget budget{100}; !opening.step(budget);) budget = {100};
    report = opening.report();
    Result<std::unique_ptr<DurableCollection>> opened = opening.finish();
    if (!opened) return opened.error();
    durable_ = *std::move(opened);
    return Done{};
  }
  OpenReport report;
  DurableCollection& operator*() { return *durable_; }
  DurableCollection* operator->() { return durable_.get(); }

  void apply() {
    std::vector<std::uint64_t> affected;
    for (Budget budget{500}; !durable_->apply(budget, affected);) budget = {500};
    last_affected = affected;
  }
  bool write(Bytes operation, bool strict) {
    const Result<bool> prepared = durable_->prepare(std::move(operation), 1, ++number_);
    if (!prepared || !disk_->execute(durable_->take_group(strict))) return false;
    durable_->group_stored(strict);
    apply();
    return true;
  }
  /// Stops behind `batches`, as if power had gone.
  bool checkpoint(std::size_t batches = 1000) {
    durable_->begin_checkpoint();
    while (const auto batch = durable_->next_checkpoint_batch()) {
      if (batches-- == 0 || !disk_->execute(*batch)) return false;
      durable_->batch_stored();
    }
    return durable_->checkpoint_status().has_value();
  }
  /// Content by id, documents read from the disk where they are not in memory.
  std::map<std::string, std::string> documents() {
    std::map<std::string, std::string> out;
    collection::Collection& from = durable_->collection();
    for (const Ordinal ordinal : from.list(nullptr, kNoOrdinal, 10'000)) {
      supply(from.missing_blocks(std::span(&ordinal, 1)));
      const auto view = from.read(ordinal);
      EXPECT_TRUE(view);
      if (view) out[std::string(from.id(ordinal))] = std::string(view->content);
    }
    return out;
  }
  std::vector<Ordinal> search(const Doc& like) {
    collection::SearchRequest request;
    request.mode = collection::Mode::Hybrid;
    request.vector = like.vector;
    request.text = "fox number";
    std::vector<Ordinal> out;
    const auto result = durable_->collection().search(request);
    EXPECT_TRUE(result);
    if (result) {
      for (const auto& hit : result->hits) out.push_back(hit.ordinal);
    }
    return out;
  }
  /// Builds another index beside writes, and switches to it; only a checkpoint makes that last.
  void rebuild(std::string_view json, const std::function<void()>& meanwhile) {
    collection::Collection& of = durable_->collection();
    ASSERT_TRUE(of.begin_rebuild(json, {}));
    ASSERT_TRUE(write(maintain(collection::Stage::Begin), true));
    std::size_t steps = 0;
    for (bool finished = false; !finished; ++steps) {
      Budget budget{40};
      const auto step = of.step_maintenance(budget);
      ASSERT_FALSE(step.failed);
      finished = step.finished;
      supply(step.blocks);
      Bytes rows;
      for (const Slot slot : step.originals) {
        const Bytes row = range(SectionId::Originals, slot * kRowBytes, kRowBytes);
        rows.insert(rows.end(), row.begin(), row.end());
      }
      if (!step.originals.empty()) {
        ASSERT_TRUE(of.supply_originals(step.originals, rows));
      }
      // Writes that never cease would be caught up with for ever in slices as small as these.
      if (!finished && steps < 20) meanwhile();
    }
    ASSERT_TRUE(write(maintain(collection::Stage::Finish), true));
    of.finish_maintenance();
  }
  std::vector<std::uint64_t> last_affected;

 private:
  static constexpr std::size_t kRowBytes = kDimension * sizeof(float);

  static Bytes maintain(collection::Stage stage) {
    collection::Operation operation;
    operation.kind = collection::OperationKind::Maintain;
    operation.maintenance = collection::Maintenance::Rebuild;
    operation.stage = stage;
    return collection::encode_operation(operation);
  }
  /// A range of a section that may go on in another blob.
  Bytes range(SectionId id, std::uint64_t offset, std::uint64_t length) {
    const ByteView unsaved = durable_->unsaved(id, offset, length);
    Bytes out(unsaved.begin(), unsaved.end());
    while (out.size() < length) {
      const std::uint64_t at = offset + out.size(), left = length - out.size();
      const auto request = durable_->locate_checked(id, at, left);
      EXPECT_TRUE(request);
      if (!request) break;
      const auto checked = durable_->check(id, at, left, disk_->read(*request));
      EXPECT_TRUE(checked);
      if (!checked) break;
      out.insert(out.end(), checked->begin(), checked->end());
    }
    return out;
  }
  void supply(std::span<const document::BlockRange> blocks) {
    for (const document::BlockRange& block : blocks) {
      const Bytes stored = range(SectionId::Documents, block.offset, block.length);
      EXPECT_TRUE(durable_->collection().supply_block(block.block, stored));
    }
  }

  SimulatedDisk* disk_;
  CatalogEntry entry_;
  std::unique_ptr<DurableCollection> durable_;
  std::uint64_t epoch_;
  std::uint64_t number_ = 0;
};

TEST(DurableCollection, AnswersTheSameAfterReopening) {
  for (const index::Kind kind : {index::Kind::Flat, index::Kind::Hnsw}) {
    SimulatedDisk disk;
    Host host(disk, kind);
    ASSERT_TRUE(host.open());
    for (std::uint64_t batch = 0; batch < 6; ++batch) {
      std::vector<Doc> docs;
      for (std::uint64_t i = 0; i < 10; ++i) docs.push_back(some_document(batch * 10 + i));
      ASSERT_TRUE(host.write(write_bytes(WriteMode::Upsert, docs), false));
      EXPECT_EQ(host.last_affected.size(), 1u);
      ASSERT_TRUE(batch % 2 == 0 || host.checkpoint());
    }
    ASSERT_TRUE(host.write(remove_bytes({"id-3", "id-4"}), true));
    const auto hits = host.search(some_document(77));
    const auto documents = host.documents();
    EXPECT_EQ(documents.size(), 48u);
    ASSERT_TRUE(host.open());
    EXPECT_EQ(host.report.outcome, Outcome::Clean);
    EXPECT_EQ(host.report.replayed, 1u);
    EXPECT_EQ(host.search(some_document(77)), hits);
    EXPECT_EQ(host.documents(), documents);
    ASSERT_TRUE(host.checkpoint());
    ASSERT_TRUE(host.open());
    EXPECT_EQ(host.report.replayed, 0u);
    EXPECT_EQ(host.search(some_document(77)), hits);
    EXPECT_EQ(host.documents(), documents);
  }
}

TEST(DurableCollection, RefusesBeforeAnythingIsDurable) {
  SimulatedDisk disk;
  Host host(disk);
  ASSERT_TRUE(host.open());
  Doc wrong = some_document(1);
  wrong.vector.push_back(1);
  EXPECT_FALSE(host->prepare(write_bytes(WriteMode::Insert, std::vector<Doc>{wrong}), 1, 900));
  EXPECT_FALSE(host->prepare(text_bytes("nonsense"), 1, 901));
  EXPECT_TRUE(host->take_group(true).effects.empty());
  const Bytes insert = write_bytes(WriteMode::Insert, std::vector<Doc>{some_document(1)});
  ASSERT_TRUE(host->prepare(insert, 5, 1));
  const Result<bool> again = host->prepare(insert, 5, 1);
  ASSERT_TRUE(again);
  EXPECT_FALSE(*again) << "the same call twice";
  EXPECT_EQ(host->prepare(insert, 5, 2).error().code, ErrorCode::AlreadyExists);
  Random random(1);
  disk.execute_failing(host->take_group(true), random);
  host->group_failed();
  EXPECT_FALSE(host->collection().has("id-1"));
  EXPECT_TRUE(host.write(insert, true)) << "what failed can be tried again";
  EXPECT_TRUE(host->collection().has("id-1"));
}

TEST(DurableCollection, AsksForACheckpointWhenManyDocumentsChanged) {
  SimulatedDisk disk;
  Host host(disk);
  ASSERT_TRUE(host.open());
  std::vector<Doc> docs;
  for (std::uint64_t i = 0; i < 50; ++i) docs.push_back(some_document(i));
  for (int i = 0; i < 199; ++i) ASSERT_TRUE(host.write(remove_bytes({"nobody"}), false));
  EXPECT_FALSE(host->needs_checkpoint()) << "what changes nothing does not count";
  ASSERT_TRUE(host.write(write_bytes(WriteMode::Upsert, docs), false));
  EXPECT_TRUE(host->needs_checkpoint());
  EXPECT_GT(host->log_bytes(), 0u);
  ASSERT_TRUE(host.checkpoint());
  EXPECT_FALSE(host->needs_checkpoint());
  EXPECT_EQ(host->log_bytes(), 0u);
  EXPECT_GT(host->snapshot_bytes(), 0u);
}

TEST(DurableCollection, KeepsWhatWasAcknowledgedThroughPowerLoss) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    SimulatedDisk disk;
    Host host(disk, seed % 2 == 0 ? index::Kind::Flat : index::Kind::Hnsw);
    ASSERT_TRUE(host.open());
    std::map<std::string, std::string> expected;
    for (std::uint64_t step = 0; step < 25; ++step) {
      const std::uint64_t what = random.below(10);
      if (what < 6) {
        std::vector<Doc> docs;
        for (std::uint64_t i = random.below(4) + 1; i-- > 0;)
          docs.push_back(some_document(random.below(10'000)));
        ASSERT_TRUE(host.write(write_bytes(WriteMode::Upsert, docs), true)) << disk.why();
        for (const Doc& doc : docs) expected[doc.id] = *doc.content;
      } else if (what == 6) {
        const std::string id = "id-" + std::to_string(random.below(50));
        ASSERT_TRUE(host.write(remove_bytes({id}), true));
        expected.erase(id);
      } else if (what < 9) {
        ASSERT_TRUE(host.checkpoint()) << disk.why();
      } else {
        disk.lose_power(random);
        const Status opened = host.open();
        ASSERT_TRUE(opened) << opened.error().message;
        ASSERT_EQ(host.documents(), expected);
      }
    }
    ASSERT_EQ(host.documents(), expected);
  }
}

TEST(DurableCollection, LosesNoDocumentWhereverARebuildIsCutShort) {
  constexpr std::string_view kGraph = R"({"dimension":4,"index":{"kind":"hnsw","codec":"sq4"}})";
  bool old_one = false, new_one = false;
  for (std::size_t batches = 0; batches < 30; ++batches) {
    SCOPED_TRACE(batches);
    Random random(batches + 1);
    SimulatedDisk disk;
    Host host(disk, index::Kind::Flat);
    ASSERT_TRUE(host.open());
    std::map<std::string, std::string> expected;
    const auto write = [&] {
      const Doc doc = some_document(random.below(10'000));
      ASSERT_TRUE(host.write(write_bytes(WriteMode::Upsert, std::vector<Doc>{doc}), true));
      expected[doc.id] = *doc.content;
    };
    for (int i = 0; i < 60; ++i) write();
    ASSERT_TRUE(host.checkpoint());
    for (int i = 0; i < 10; ++i) write();
    host.rebuild(kGraph, write);
    const bool lasts = host.checkpoint(batches);
    if (batches % 2 == 1) write();
    disk.lose_power(random);
    const Status opened = host.open();
    ASSERT_TRUE(opened) << opened.error().message;
    ASSERT_EQ(host.documents(), expected);
    const bool is_new = host->collection().options().index.kind == index::Kind::Hnsw;
    EXPECT_TRUE(is_new || !lasts);
    (is_new ? new_one : old_one) = true;
    write();
    ASSERT_EQ(host.documents(), expected);
  }
  EXPECT_TRUE(old_one && new_one);
}

// A collection of which a few documents changed since a checkpoint.
void change_a_few(Host& host) {
  std::vector<Doc> docs;
  for (std::uint64_t i = 0; i < 800; ++i) {
    docs.push_back(some_document(i));
    docs.back().id = "d" + std::to_string(i);
  }
  ASSERT_TRUE(host.write(write_bytes(WriteMode::Insert, docs), true));
  ASSERT_TRUE(host.checkpoint());
  for (Doc& doc : docs) doc.content = *doc.content + " again";
  ASSERT_TRUE(host.write(write_bytes(WriteMode::Upsert, std::span(docs).first(3)), true));
  ASSERT_TRUE(host.write(remove_bytes({"d9"}), true));
}

std::vector<BlobRef> blobs_of(const SimulatedDisk& disk, std::size_t snapshot, SectionId id) {
  const auto roots = read_roots(disk.roots("7"), test_uuid(1), 7);
  EXPECT_TRUE(roots);
  std::vector<BlobRef> out = roots->roots[0].snapshots[snapshot].blobs;
  std::erase_if(out, [&](const BlobRef& blob) { return blob.section != id; });
  return out;
}

TEST(DurableCollection, AddsToTheGraphAndTheColumnsWhatChanged) {
  SimulatedDisk disk;
  Host host(disk);
  ASSERT_TRUE(host.open());
  change_a_few(host);
  ASSERT_TRUE(host.checkpoint());
  for (const SectionId id : {SectionId::Graph, SectionId::Columns}) {
    const auto now = blobs_of(disk, 0, id), before = blobs_of(disk, 1, id);
    ASSERT_TRUE(now.size() == 1 && before.size() == 1);
    EXPECT_EQ(now[0].number, before[0].number);
    EXPECT_GT(now[0].raw_bytes, before[0].raw_bytes);
    EXPECT_LT(now[0].raw_bytes, before[0].raw_bytes * 14 / 10);
  }
}

TEST(DurableCollection, SurvivesACrashAtEveryWriteOfACheckpointThatAdds) {
  SimulatedDisk disk;
  Host host(disk);
  ASSERT_TRUE(host.open());
  change_a_few(host);
  const auto documents = host.documents();
  const auto hits = host.search(some_document(5));
  Random random(11);
  const auto expect_whole = [&](SimulatedDisk image, const std::string& when) {
    Host after(image, index::Kind::Hnsw, 50);
    const Status opened = after.open();
    ASSERT_TRUE(opened) << when << ": " << opened.error().message;
    EXPECT_EQ(after.documents(), documents) << when;
    EXPECT_EQ(after.search(some_document(5)), hits) << when;
    // The next checkpoint goes on from whatever was left.
    ASSERT_TRUE(after.checkpoint()) << when << image.why();
    ASSERT_TRUE(after.open()) << when;
    EXPECT_EQ(after.search(some_document(5)), hits) << when;
  };
  host->begin_checkpoint();
  for (int batches = 0; const auto batch = host->next_checkpoint_batch(); ++batches) {
    for (std::size_t count = 0; count <= batch->effects.size(); ++count) {
      SimulatedDisk image = disk;
      EffectBatch some{
          {batch->effects.begin(), batch->effects.begin() + static_cast<std::ptrdiff_t>(count)},
          false};
      ASSERT_TRUE(image.execute(some));
      const std::string when =
          "batch " + std::to_string(batches) + " write " + std::to_string(count);
      expect_whole(image, when + ", killed");
      for (int loss = 0; loss < 3; ++loss) {
        SimulatedDisk lost = image;
        lost.lose_power(random);
        expect_whole(lost, when + ", power lost");
      }
    }
    ASSERT_TRUE(disk.execute(*batch));
    host->batch_stored();
  }
  expect_whole(disk, "complete");
}

}  // namespace
}  // namespace corsac::storage

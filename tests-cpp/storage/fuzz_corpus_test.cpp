// The inputs of the fuzzer, and small damage to each of them, as a plain test.
// CORSAC_WRITE_GOLDEN=1 writes the seeds anew: one well-formed input of every kind.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "../../fuzz/targets.h"
#include "collection/writing.h"
#include "storage/chunk_writer.h"
#include "storage/stand_in.h"
#include "support/repository.h"

namespace corsac::fuzz {
namespace {

void write_seed(const std::string& target, const std::string& name, std::uint8_t mode,
                ByteView bytes) {
  const std::string folder = (corsac::test::repository_root() / "fuzz/corpus" / target).string();
  std::filesystem::create_directories(folder);
  std::ofstream file(folder + "/" + name, std::ios::binary);
  if (mode != 255) file.put(static_cast<char>(mode));
  file.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
}

void write_store_seeds() {
  corsac::testing::SimulatedDisk disk;
  storage::StandIn stand_in(disk);
  ASSERT_TRUE(stand_in.open(1));
  using collection::test::Doc;
  const Bytes write = collection::test::upsert_bytes(
      {Doc{.id = "a", .content = "red fox", .metadata = R"({"n":1})", .vector = {1, 2, 3, 4}},
       Doc{.id = "b", .content = {}, .metadata = {}, .vector = {}}});
  const Bytes remove = collection::test::remove_bytes({"a", "b"});
  ASSERT_TRUE(stand_in.write({write, remove}, true));
  ASSERT_TRUE(stand_in.checkpoint());
  ASSERT_TRUE(stand_in.write({remove}, false));
  write_seed("operation", "write", 255, write);
  write_seed("operation", "remove", 255, remove);
  for (const auto& [name, bytes] : disk.live_blobs()) {
    const bool is_log = name.find("wal") != std::string::npos;
    write_seed(is_log ? "log_segment" : "blob", name.substr(2), is_log ? 1 : 0, bytes);
  }
  for (const auto& [key, bytes] : disk.live_roots()) write_seed("root_pair", "root", 1, bytes);
  storage::Catalog catalog = storage::Catalog::create(store());
  write_seed("root_pair", "catalog", 0, catalog.add("notes", "{}")->effects[0].bytes);
  storage::ClientTable clients;
  for (std::uint64_t i = 1; i < 5; ++i) clients.record(i, i * 3);
  write_seed("blob", "clients", 0, clients.encode());
  storage::PieceChecks checks;
  checks.append(SectionId::Originals, storage::test_operation(1, 300));
  write_seed("blob", "checks", 0, checks.encode());
  storage::ChunkWriter chunks(compress::Codec::Zstd);
  write_seed("blob", "zstd", 0, chunks.encode(storage::test_operation(1, 300)));
}

void write_section_seeds(index::Kind kind, index::CodecKind codec, std::uint8_t mode) {
  collection::CollectionOptions options;
  options.dimension = options.index.dimension = 4;
  options.index.kind = kind;
  options.index.codec = codec;
  if (codec > index::CodecKind::Sq8) options.index.rerank = index::RerankStore::Sq8;
  options.auto_index = false;
  Result<collection::Collection> made = collection::Collection::create(options);
  ASSERT_TRUE(made);
  using collection::test::Doc;
  collection::test::upsert(
      *made,
      {Doc{.id = "a", .content = "red fox", .metadata = R"({"n":1})", .vector = {1, 2, 3, 4}},
       Doc{.id = "b", .content = "blue fox", .metadata = {}, .vector = {4, 3, 2, 1}},
       Doc{.id = "c", .content = {}, .metadata = {}, .vector = {}}});
  storage::ChangeSet changes;
  made->save(changes);
  ByteWriter out;
  const auto put = [&](SectionId id, std::uint64_t key, const Bytes& bytes) {
    out.put(static_cast<std::uint8_t>(id));
    out.put(static_cast<std::uint8_t>(key));
    out.put(static_cast<std::uint16_t>(bytes.size()));
    out.append(bytes);
  };
  for (const auto& [id, change] : changes.changes()) {
    if (!change.content.empty()) put(id, 0, change.content);
    for (const auto& [key, bytes] : change.added) put(id, key, bytes);
  }
  write_seed("section_load", "collection-" + std::to_string(mode), mode, out.view());
}

std::vector<Bytes> corpus(const std::string& target) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(corsac::test::repository_root() /
                                                               "fuzz/corpus" / target)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Bytes> out;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const ByteView bytes = as_byte_view(text);
    out.emplace_back(bytes.begin(), bytes.end());
  }
  return out;
}

TEST(FuzzCorpus, IsTakenByEveryTarget) {
  if (std::getenv("CORSAC_WRITE_GOLDEN") != nullptr) {
    write_store_seeds();
    write_section_seeds(index::Kind::Flat, index::CodecKind::F32, 0);
    write_section_seeds(index::Kind::Hnsw, index::CodecKind::Sq8, 3);
    write_section_seeds(index::Kind::Flat, index::CodecKind::Sq4, 4);
    write_section_seeds(index::Kind::Hnsw, index::CodecKind::Binary, 7);
  }
  for (const Target& target : kTargets) {
    SCOPED_TRACE(target.name);
    const std::vector<Bytes> inputs = corpus(target.name);
    EXPECT_FALSE(inputs.empty());
    for (const Bytes& input : inputs) target.run(input);
    target.run({});
  }
}

TEST(FuzzCorpus, IsTakenWithDamage) {
  Random random(11);
  for (const Target& target : kTargets) {
    for (const Bytes& input : corpus(target.name)) {
      for (int round = 0; round < 60 && !input.empty(); ++round) {
        Bytes damaged = input;
        for (std::uint64_t i = random.below(4); i-- > 0;) {
          damaged[random.below(damaged.size())] = static_cast<std::byte>(random.next());
        }
        if (random.below(3) == 0) damaged.resize(random.below(damaged.size() + 1));
        if (!damaged.empty()) damaged[0] = static_cast<std::byte>(round & 7);
        target.run(damaged);
      }
    }
  }
}

}  // namespace
}  // namespace corsac::fuzz

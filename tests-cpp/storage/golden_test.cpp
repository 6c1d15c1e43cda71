// Stores as earlier versions wrote them still open. CORSAC_WRITE_GOLDEN=1 writes the one of this
// version anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "storage/stand_in.h"
#include "support/repository.h"

namespace corsac::storage {
namespace {

using testing::SimulatedDisk;

const std::string kGolden =
    (corsac::test::repository_root() / "tests-cpp/storage/golden/store-1.0.bin").string();

// What the golden store holds: a checkpoint of every kind of section, a log after it, a torn tail.
std::vector<Bytes> golden_operations() {
  std::vector<Bytes> out;
  for (std::uint64_t i = 1; i <= 6; ++i) out.push_back(test_operation(i, 20 + 10 * i));
  return out;
}

SimulatedDisk golden_disk() {
  SimulatedDisk disk;
  DurableOptions options;
  options.checkpoint_codec =
      compress::Codec::None;  // the bytes of the others are their libraries' business
  StandIn store(disk, options);
  EXPECT_TRUE(store.open(1));
  const std::vector<Bytes> all = golden_operations();
  EXPECT_TRUE(store.write({all[0], all[1]}, true));
  EXPECT_TRUE(store.checkpoint());
  EXPECT_TRUE(store.write({all[2], all[3]}, true));
  EXPECT_TRUE(store.checkpoint());
  EXPECT_TRUE(store.write({all[4], all[5]}, false));
  Random random(3);
  Bytes& log = disk.live_blobs().rbegin()->second;
  for (int i = 0; i < 30; ++i) log.push_back(static_cast<std::byte>(random.next()));
  return disk;
}

// u32 count, (text name, u8 slot or 255 for a blob, u32 length, bytes){count}
Bytes packed(SimulatedDisk& disk) {
  ByteWriter out;
  out.put(static_cast<std::uint32_t>(disk.live_blobs().size() + disk.live_roots().size()));
  const auto put = [&](std::string_view name, std::uint8_t slot, const Bytes& bytes) {
    out.put_text(name);
    out.put(slot);
    out.put(static_cast<std::uint32_t>(bytes.size()));
    out.append(bytes);
  };
  for (const auto& [name, bytes] : disk.live_blobs()) put(name, 255, bytes);
  for (const auto& [key, bytes] : disk.live_roots())
    put(key.first, static_cast<std::uint8_t>(key.second), bytes);
  return std::move(out).take();
}

SimulatedDisk unpacked(ByteView bytes) {
  SimulatedDisk disk;
  ByteReader reader(bytes);
  for (auto count = reader.get<std::uint32_t>(); count-- > 0 && reader.ok();) {
    const std::string name(reader.get_text());
    const auto slot = reader.get<std::uint8_t>();
    const ByteView content = reader.take(reader.get<std::uint32_t>());
    (slot == 255 ? disk.live_blobs()[name] : disk.live_roots()[{name, slot}])
        .assign(content.begin(), content.end());
  }
  EXPECT_TRUE(reader.finished());
  return disk;
}

TEST(Golden, TheFirstFormatStillOpens) {
  if (std::getenv("CORSAC_WRITE_GOLDEN") != nullptr) {
    SimulatedDisk fresh = golden_disk();
    const Bytes bytes = packed(fresh);
    std::ofstream(kGolden, std::ios::binary)
        .write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  }
  std::ifstream file(kGolden, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(text.empty()) << kGolden;
  SimulatedDisk disk = unpacked(as_byte_view(text));
  StandIn store(disk);
  ASSERT_TRUE(store.open(2));
  EXPECT_EQ(store.operations, golden_operations());
  EXPECT_EQ(store.report.outcome, Outcome::Torn);
  EXPECT_EQ(store.report.last_sequence, 6u);
  EXPECT_EQ(store.report.dropped, 1u);
  const Result<Bytes> documents = store.documents();
  ASSERT_TRUE(documents);
  EXPECT_EQ(documents->size(), 4 * 20 + 10 * (1 + 2 + 3 + 4));
}

TEST(Golden, TheSameOperationsGiveTheSameBytes) {
  std::ifstream file(kGolden, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  SimulatedDisk fresh = golden_disk();
  EXPECT_EQ(as_text(packed(fresh)), text);
}

}  // namespace
}  // namespace corsac::storage

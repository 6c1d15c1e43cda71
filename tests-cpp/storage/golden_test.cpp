// Stores as every version wrote them still open. CORSAC_WRITE_GOLDEN=1 writes the one of this
// version anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "storage/root_format.h"
#include "storage/stand_in.h"
#include "support/repository.h"

namespace corsac::storage {
namespace {

using testing::SimulatedDisk;

constexpr const char* kVersions[] = {"1.0", "1.1"};  // the last one is this library's

std::string path_of(std::string_view version) {
  const auto folder = corsac::test::repository_root() / "tests-cpp/storage/golden";
  return (folder / ("store-" + std::string(version) + ".bin")).string();
}

std::string content_of(std::string_view version) {
  std::ifstream file(path_of(version), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What a golden store holds: a checkpoint of every kind of section, a log after it, a torn tail.
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

class Golden : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Versions, Golden, ::testing::ValuesIn(kVersions), [](const auto& version) {
  std::string name = version.param;
  name[1] = '_';
  return "Version" + name;
});

TEST_P(Golden, StillOpensAndGoesOn) {
  const std::string text = content_of(GetParam());
  ASSERT_FALSE(text.empty()) << path_of(GetParam());
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
  // Written on by this version, it is one of this version.
  std::vector<Bytes> all = store.operations;
  for (std::uint64_t i = 7; i <= 9; ++i) {
    all.push_back(test_operation(i, 30));
    ASSERT_TRUE(store.write({all.back()}, false));
    ASSERT_TRUE(store.checkpoint());
  }
  ASSERT_TRUE(store.open(3));
  EXPECT_EQ(store.operations, all);
}

// What damage to a golden store did: an error with a type, or nothing that was durable is missing.
// The last batch was not: a log that ends before it is what a power cut leaves.
void expect_detected_or_harmless(const SimulatedDisk& damaged, bool is_cut,
                                 const std::string& what) {
  static const std::vector<Bytes> written = golden_operations();
  SimulatedDisk disk = damaged;
  StandIn store(disk);
  if (const Status opened = store.open(2); !opened) {
    const ErrorCode code = opened.error().code;
    EXPECT_TRUE(code == ErrorCode::Corrupt || code == ErrorCode::DataLoss ||
                code == ErrorCode::UnsupportedFormat)
        << what << ": " << opened.error().message;
    return;
  }
  ASSERT_GE(store.operations.size(), 4u) << what << ": durable operations are gone";
  ASSERT_LE(store.operations.size(), written.size()) << what;
  for (std::size_t i = 0; i < store.operations.size(); ++i)
    ASSERT_EQ(store.operations[i], written[i]) << what;
  EXPECT_TRUE(is_cut || store.operations.size() == written.size() ||
              store.report.outcome != Outcome::Clean)
      << what << ": lost in silence";
}

TEST_P(Golden, EveryFlippedBitAndEveryTruncationIsDetectedOrHarmless) {
  const std::string text = content_of(GetParam());
  SimulatedDisk disk = unpacked(as_byte_view(text));
  const auto damage = [&](Bytes& bytes, const std::string& name) {
    for (std::size_t bit = 0; bit < bytes.size() * 8 && !HasFailure(); ++bit) {
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
      expect_detected_or_harmless(disk, false, name + " bit " + std::to_string(bit));
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    }
    const Bytes whole = bytes;
    for (std::size_t length = 0; length < whole.size() && !HasFailure(); ++length) {
      bytes.resize(length);
      expect_detected_or_harmless(disk, true, name + " cut to " + std::to_string(length));
      bytes = whole;
    }
  };
  for (auto& [name, bytes] : disk.live_blobs()) damage(bytes, name);
  for (auto& [key, bytes] : disk.live_roots()) damage(bytes, "root " + key.first);
}

TEST(GoldenOfThisVersion, TheSameOperationsGiveTheSameBytes) {
  SimulatedDisk fresh = golden_disk();
  const Bytes bytes = packed(fresh);
  const char* const newest = kVersions[std::size(kVersions) - 1];
  if (std::getenv("CORSAC_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path_of(newest), std::ios::binary)
        .write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  }
  EXPECT_TRUE(as_text(bytes) == content_of(newest)) << bytes.size() << " bytes";
}

// Whatever a later version may set: refused, and nothing is written.
TEST(GoldenOfThisVersion, ANewerVersionIsRefusedAndLeftAlone) {
  for (const std::size_t field : {root_field::kMajor, root_field::kMinReader,
                                  root_field::kIncompatible, root_field::kIncompatible + 3}) {
    SimulatedDisk disk = unpacked(as_byte_view(content_of("1.1")));
    for (auto& [key, bytes] : disk.live_roots()) {
      bytes[field] |= std::byte{0x40};
      const Checksum128 checksum =
          checksum128(ByteView(bytes).first(bytes.size() - kRootChecksumBytes));
      std::memcpy(bytes.data() + bytes.size() - kRootChecksumBytes, &checksum.low, 8);
      std::memcpy(bytes.data() + bytes.size() - 8, &checksum.high, 8);
    }
    const Bytes before = packed(disk);
    StandIn store(disk);
    const Status opened = store.open(2);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, ErrorCode::UnsupportedFormat) << opened.error().message;
    EXPECT_EQ(packed(disk), before);
  }
}

}  // namespace
}  // namespace corsac::storage

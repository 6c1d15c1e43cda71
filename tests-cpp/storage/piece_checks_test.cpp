#include "storage/piece_checks.h"

#include <gtest/gtest.h>

#include "storage/stand_in.h"

namespace corsac::storage {
namespace {

constexpr SectionId kId = SectionId::Originals;

TEST(PieceChecks, CoversRangesByWholePieces) {
  PieceChecks checks;
  checks.append(kId, test_operation(1, 100));
  checks.append(kId, test_operation(2, kMaxPieceBytes + 50));
  EXPECT_EQ(checks.length(kId), kMaxPieceBytes + 150);
  const auto covers = [&](std::uint64_t begin, std::uint64_t end) {
    const PieceChecks::Range range = checks.cover(kId, {begin, end});
    return std::pair(range.begin, range.end);
  };
  EXPECT_EQ(covers(0, 1), std::pair(std::uint64_t{0}, std::uint64_t{100}));
  EXPECT_EQ(covers(99, 100), std::pair(std::uint64_t{0}, std::uint64_t{100}));
  EXPECT_EQ(covers(99, 101), std::pair(std::uint64_t{0}, std::uint64_t{100 + kMaxPieceBytes}));
  EXPECT_EQ(covers(100 + kMaxPieceBytes, 101 + kMaxPieceBytes),
            std::pair(std::uint64_t{100 + kMaxPieceBytes}, std::uint64_t{150 + kMaxPieceBytes}));
}

TEST(PieceChecks, AcceptsWhatWasWrittenAndNothingElse) {
  PieceChecks checks;
  Bytes all = test_operation(1, 100);
  const Bytes second = test_operation(2, 200);
  checks.append(kId, all);
  checks.append(kId, second);
  all.insert(all.end(), second.begin(), second.end());
  EXPECT_TRUE(checks.check(kId, 0, all));
  EXPECT_TRUE(checks.check(kId, 100, second));
  EXPECT_FALSE(checks.check(kId, 1, ByteView(all).first(99)));
  EXPECT_FALSE(checks.check(kId, 0, ByteView(all).first(99)));
  EXPECT_FALSE(checks.check(kId, 100, all));
  for (std::size_t bit = 0; bit < all.size() * 8; ++bit) {
    all[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(checks.check(kId, 0, all)) << bit;
    all[bit / 8] ^= std::byte{1} << (bit % 8);
  }
}

TEST(PieceChecks, IsTheSameAfterSavingAndLoading) {
  PieceChecks checks;
  checks.append(kId, test_operation(1, 100));
  checks.append(SectionId::Documents, test_operation(2, 300));
  const Bytes bytes = checks.encode();
  const Result<PieceChecks> loaded = PieceChecks::decode(bytes);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->encode(), bytes);
  EXPECT_EQ(loaded->chain(kId, {0, 100}), checks.chain(kId, {0, 100}));
  EXPECT_FALSE(checks.chain(kId, {0, 99}));
  EXPECT_FALSE(checks.chain(kId, {0, 101}));
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    const Result<PieceChecks> cut = PieceChecks::decode(ByteView(bytes).first(length));
    EXPECT_TRUE(!cut || cut->encode().size() == length);
  }
}

}  // namespace
}  // namespace corsac::storage

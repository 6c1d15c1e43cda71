// Stored sections that were cut or changed: an error or an index that answers, never a crash.

#include <gtest/gtest.h>

#include "index/oracle.h"
#include "support/sections.h"

namespace corsac::index {
namespace {

constexpr std::uint32_t kDimension = 9;
constexpr std::size_t kCount = 40;
constexpr SectionId kSections[] = {SectionId::Codes, SectionId::CodePlanes, SectionId::CodeHeaders,
                                   SectionId::Graph, SectionId::IndexMeta,  SectionId::RerankCodes};

struct Case {
  Kind kind;
  CodecKind codec;
};

class Damage : public testing::TestWithParam<Case> {
 protected:
  IndexOptions options_{
      .kind = GetParam().kind,
      .codec = GetParam().codec,
      .dimension = kDimension,
      .m = 4,
      .ef_construction = 12,
      .ef_search = 8,
      .rerank = GetParam().codec > CodecKind::Sq8 ? RerankStore::Sq8 : RerankStore::Plane};
  test::MemorySections good_;

  Damage() {
    std::vector<float> vectors = test::random_vectors(kCount, kDimension, 1);
    std::copy_n(vectors.begin(), kDimension, vectors.begin() + 20 * kDimension);
    const auto index = make_index(options_, vectors);
    for (const Slot slot : {3u, 7u, 31u}) index->remove(slot);
    index->save(good_);
  }

  /// Loads, and when that works searches, appends, removes and saves.
  Status use(const SectionSource& source) {
    auto index = load_index(options_, source, kCount);
    if (!index) return index.error();
    const std::vector<float> vector(kDimension, 0.3f);
    for (const bool scan : {true, false}) {
      const auto result = (*index)->search({.vector = vector, .k = 5, .force_scan = scan});
      EXPECT_TRUE(result.has_value());
    }
    append(**index, test::random_vectors(3, kDimension, 2));
    (*index)->remove(0);
    append(**index, vector);
    test::MemorySections sink;
    (*index)->save(sink);
    return Done{};
  }
};

std::string name_of(const testing::TestParamInfo<Case>& which) {
  constexpr const char* kCodecs[] = {"_f32", "_sq8", "_sq4", "_binary"};
  return std::string(which.param.kind == Kind::Flat ? "flat" : "hnsw") +
         kCodecs[static_cast<std::size_t>(which.param.codec)];
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Damage,
    testing::Values(Case{Kind::Flat, CodecKind::F32}, Case{Kind::Flat, CodecKind::Sq8},
                    Case{Kind::Hnsw, CodecKind::F32}, Case{Kind::Hnsw, CodecKind::Sq8},
                    Case{Kind::Flat, CodecKind::Sq4}, Case{Kind::Hnsw, CodecKind::Binary}),
    name_of);

TEST_P(Damage, AWholeSaveLoads) { EXPECT_TRUE(use(good_).has_value()); }

TEST_P(Damage, EveryTruncationIsAnError) {
  for (const SectionId id : kSections) {
    for (std::size_t length = 0; length < good_.length(id); ++length) {
      test::MemorySections bad = good_;
      bad.bytes(id).resize(length);
      const Status used = use(bad);
      ASSERT_FALSE(used.has_value()) << static_cast<int>(id) << " cut to " << length;
      ASSERT_EQ(used.error().code, ErrorCode::Corrupt) << used.error().message;
    }
  }
}

TEST_P(Damage, EveryStrayByteIsAnError) {
  for (const SectionId id : kSections) {
    if (good_.length(id) == 0) continue;
    test::MemorySections bad = good_;
    bad.bytes(id).push_back(std::byte{0});
    EXPECT_FALSE(use(bad).has_value()) << static_cast<int>(id);
  }
}

TEST_P(Damage, EveryFlippedBitIsAnErrorOrAnIndexThatAnswers) {
  for (const SectionId id : kSections) {
    for (std::size_t bit = 0; bit < 8 * good_.length(id); ++bit) {
      test::MemorySections bad = good_;
      bad.bytes(id)[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
      const Status used = use(bad);
      if (!used) {
        ASSERT_TRUE(used.error().code == ErrorCode::Corrupt ||
                    used.error().code == ErrorCode::UnsupportedFormat);
      }
    }
  }
}

TEST_P(Damage, AnotherNumberOfVectorsIsAnError) {
  for (const std::size_t vectors : {std::size_t{0}, kCount - 1, kCount + 1, std::size_t{1} << 30}) {
    EXPECT_FALSE(load_index(options_, good_, vectors).has_value());
  }
}

TEST_P(Damage, OtherOptionsAreAnError) {
  IndexOptions other = options_;
  other.metric = Metric::L2;
  EXPECT_FALSE(load_index(other, good_, kCount).has_value());
  other = options_;
  other.dimension = kDimension - 1;
  EXPECT_FALSE(load_index(other, good_, kCount).has_value());
}

}  // namespace
}  // namespace corsac::index

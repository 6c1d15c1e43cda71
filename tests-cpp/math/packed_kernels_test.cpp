// The kernels of codes with less than a byte per dimension, against their definition.

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "base/checksum.h"
#include "math/kernels.h"
#include "support/vectors.h"

namespace corsac::math {
namespace {

constexpr std::size_t kRows = 7;
constexpr std::uint32_t kPicks[kRows] = {3, 0, 5, 5, 1, 2, 4};

std::vector<const Kernels*> available() {
  std::vector<const Kernels*> out;
  for (const Isa isa : kAllIsas) {
    if (const Kernels* kernels = kernels_for(isa)) out.push_back(kernels);
  }
  return out;
}

/// Exactly `count` random bytes, `shift` into a heap block: the sanitizer sees one too many.
class Bytes {
 public:
  Bytes(std::size_t count, std::size_t shift, std::uint64_t seed)
      : memory_(std::make_unique<std::uint8_t[]>(count + shift)), data_(memory_.get() + shift) {
    Random random(seed);
    for (std::size_t i = 0; i < count; ++i) data_[i] = static_cast<std::uint8_t>(random.next());
  }
  const std::uint8_t* data() const { return data_; }
  std::uint8_t operator[](std::size_t i) const { return data_[i]; }

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::uint8_t* data_;
};

std::vector<std::int8_t> random_query(std::size_t count, int limit, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::int8_t> out(count);
  for (std::int8_t& q : out)
    q = static_cast<std::int8_t>(
        static_cast<int>(random.below(static_cast<std::uint64_t>(2 * limit + 1))) - limit);
  return out;
}

std::vector<std::uint8_t> planes_of(const std::vector<std::int8_t>& query) {
  const std::size_t bytes = query.size() / 8;
  std::vector<std::uint8_t> out(kQueryPlanes * bytes);
  for (std::size_t i = 0; i < query.size(); ++i) {
    for (std::size_t plane = 0; plane < kQueryPlanes; ++plane)
      out[plane * bytes + i / 8] = static_cast<std::uint8_t>(out[plane * bytes + i / 8] |
                                                             (query[i] >> plane & 1) << (i % 8));
  }
  return out;
}

TEST(PackedKernels, FourBitCodesAgreeWithTheDefinitionAtEveryLengthAndAlignment) {
  for (std::size_t dim = 0; dim <= 512; dim += 32) {
    const std::size_t stride = dim / 2 + dim % 5, shift = dim / 32 % 4;
    const Bytes rows(kRows * stride, shift, dim + 1);
    const auto query = random_query(dim, 127, dim + 2);
    for (const Kernels* kernels : available()) {
      std::int32_t got[kRows];
      kernels->dot_u4(query.data(), rows.data(), stride, dim, kPicks, kRows, got);
      for (std::size_t r = 0; r < kRows; ++r) {
        std::int32_t expected = 0;
        for (std::size_t i = 0; i < dim; ++i) {
          const std::uint8_t byte = rows[kPicks[r] * stride + i / 32 * 16 + i % 16];
          expected += query[i] * (i % 32 < 16 ? byte & 15 : byte >> 4);
        }
        ASSERT_EQ(got[r], expected) << name(kernels->isa) << " dim " << dim;
      }
    }
  }
}

TEST(PackedKernels, BitsAgreeWithTheDefinitionAtEveryLengthAndAlignment) {
  for (std::size_t dim = 0; dim <= 1024; dim += 64) {
    for (std::size_t planes = 1; planes <= 4; ++planes) {
      const std::size_t bytes = dim / 8, stride = planes * bytes + dim % 3, shift = planes;
      const Bytes rows(kRows * stride, shift, dim + planes);
      const auto query = random_query(dim, 31, dim + 2);
      const auto query_planes = planes_of(query);
      for (const Kernels* kernels : available()) {
        std::int32_t got[kRows];
        kernels->dot_bits(query_planes.data(), rows.data(), stride, bytes, planes, kPicks, kRows,
                          got);
        for (std::size_t r = 0; r < kRows; ++r) {
          std::int32_t expected = 0;
          for (std::size_t i = 0; i < dim; ++i) {
            for (std::size_t plane = 0; plane < planes; ++plane) {
              const int bit = rows[kPicks[r] * stride + plane * bytes + i / 8] >> (i % 8) & 1;
              expected += query[i] * (bit << plane);
            }
          }
          ASSERT_EQ(got[r], expected) << name(kernels->isa) << " dim " << dim;
        }
      }
    }
  }
}

TEST(PackedKernels, TableEntriesAreSummedAtEveryLengthAlignmentAndNumberOfRows) {
  std::vector<std::uint32_t> picks;
  for (std::uint32_t i = 0; i < 37; ++i) picks.push_back(i * 5 % kRows);
  for (std::size_t stride = 0; stride <= 70; ++stride) {
    const Bytes rows(kRows * stride, stride % 4, stride + 1);
    const Bytes tables(32 * stride, stride % 3, stride + 2);
    for (std::size_t count : {0, 1, 2, 15, 16, 17, 37}) {
      for (const Kernels* kernels : available()) {
        std::vector<std::int32_t> got(count);
        kernels->sum_nibbles(tables.data(), rows.data(), stride, picks.data(), count, got.data());
        for (std::size_t r = 0; r < count; ++r) {
          std::int32_t expected = 0;
          for (std::size_t j = 0; j < stride; ++j) {
            const std::uint8_t byte = rows[picks[r] * stride + j];
            expected += tables[32 * j + (byte & 15)] + tables[32 * j + 16 + (byte >> 4)];
          }
          ASSERT_EQ(got[r], expected) << name(kernels->isa) << " stride " << stride;
        }
      }
    }
  }
}

TEST(PackedKernels, TheLargestTableEntriesNeverOverflow) {
  constexpr std::size_t kStride = 4096;
  const std::vector<std::uint8_t> tables(32 * kStride, 255), row(kStride, 0xA5);
  const std::uint32_t first = 0;
  for (const Kernels* kernels : available()) {
    std::int32_t sum;
    kernels->sum_nibbles(tables.data(), row.data(), kStride, &first, 1, &sum);
    EXPECT_EQ(sum, 255 * 2 * static_cast<int>(kStride)) << name(kernels->isa);
  }
}

TEST(PackedKernels, ExtremesOfTheWidestVectorNeverOverflow) {
  constexpr std::size_t kDim = 8192;
  const std::vector<std::uint8_t> ones(kDim / 2, 0xFF);
  const std::uint32_t first = 0;
  for (const int sign : {-1, 1}) {
    const std::vector<std::int8_t> wide(kDim, static_cast<std::int8_t>(sign * 127));
    const std::vector<std::int8_t> narrow(kDim, static_cast<std::int8_t>(sign < 0 ? -32 : 31));
    const auto planes = planes_of(narrow);
    for (const Kernels* kernels : available()) {
      std::int32_t four, bits;
      kernels->dot_u4(wide.data(), ones.data(), kDim / 2, kDim, &first, 1, &four);
      kernels->dot_bits(planes.data(), ones.data(), kDim / 4, kDim / 8, 2, &first, 1, &bits);
      EXPECT_EQ(four, sign * 127 * 15 * static_cast<int>(kDim)) << name(kernels->isa);
      EXPECT_EQ(bits, (sign < 0 ? -32 : 31) * 3 * static_cast<int>(kDim)) << name(kernels->isa);
    }
  }
}

TEST(PackedKernels, TheTransformGivesTheSameBitsEverywhereAndIsItsOwnInverse) {
  std::uint64_t hash = 0;
  for (std::size_t size = 1; size <= 1024; size *= 2) {
    const std::vector<float> values = test::random_vectors(1, size, size);
    std::vector<float> expected;
    for (const Kernels* kernels : available()) {
      std::vector<float> got = values;
      kernels->fwht(got.data(), size);
      if (expected.empty()) expected = got;
      EXPECT_EQ(got, expected) << name(kernels->isa);
      kernels->fwht(got.data(), size);
      for (std::size_t i = 0; i < size; ++i)
        EXPECT_NEAR(got[i] / static_cast<float>(size), values[i], 1e-5f);
    }
    hash = checksum64(std::as_bytes(std::span(expected)), hash);
  }
  EXPECT_EQ(hash, 5812500567187463777u);  // The same number natively, on ARM and as wasm.
}

}  // namespace
}  // namespace corsac::math

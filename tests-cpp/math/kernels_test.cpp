#include "math/kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "support/vectors.h"

namespace corsac::math {
namespace {

constexpr std::size_t kRows = 11;  // Two groups of four and three alone.
constexpr std::uint32_t kPicks[kRows] = {3, 0, 10, 7, 7, 1, 2, 9, 8, 4, 6};

std::vector<const Kernels*> available() {
  std::vector<const Kernels*> out;
  for (const Isa isa : kAllIsas) {
    if (const Kernels* kernels = kernels_for(isa)) out.push_back(kernels);
  }
  return out;
}

/// A block of exactly `count` values that starts `shift` elements into a heap block, so that the
/// sanitizer sees one byte too many and every alignment occurs.
template <class T>
class Block {
 public:
  Block(std::span<const T> values, std::size_t shift)
      : memory_(std::make_unique<T[]>(values.size() + shift)),
        data_(memory_.get() + shift),
        size_(values.size()) {
    std::copy(values.begin(), values.end(), data_);
  }
  const T* data() const { return data_; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  std::size_t size() const { return size_; }

 private:
  std::unique_ptr<T[]> memory_;
  T* data_;
  std::size_t size_;
};

std::vector<std::uint8_t> random_codes(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> out(count);
  for (std::uint8_t& code : out) code = static_cast<std::uint8_t>(random.below(128));
  return out;
}

template <class T>
std::vector<T> random_query(std::size_t count, std::int32_t limit, std::uint64_t seed) {
  Random random(seed);
  std::vector<T> out(count);
  const auto span = static_cast<std::uint64_t>(2 * limit + 1);
  for (T& q : out) q = static_cast<T>(static_cast<std::int64_t>(random.below(span)) - limit);
  return out;
}

TEST(Kernels, FloatsAgreeWithTheDefinitionAtEveryLengthAndAlignment) {
  for (std::size_t dim = 0; dim <= 67; ++dim) {
    for (std::size_t shift = 0; shift < 4; ++shift) {
      const Block<float> query(test::random_vectors(1, dim, dim + 1), shift);
      const Block<float> rows(test::random_vectors(kRows, dim, dim + 2), 3 - shift);
      for (const Kernels* kernels : available()) {
        float dots[kRows], squares[kRows];
        kernels->dot_f32(query.data(), rows.data(), dim, kPicks, kRows, dots);
        kernels->l2_f32(query.data(), rows.data(), dim, kPicks, kRows, squares);
        for (std::size_t r = 0; r < kRows; ++r) {
          double dot = 0, magnitude = 0, square = 0;
          for (std::size_t i = 0; i < dim; ++i) {
            const double q = query[i], x = rows[kPicks[r] * dim + i];
            dot += q * x;
            magnitude += std::abs(q * x);
            square += (q - x) * (q - x);
          }
          const double unit = std::ldexp(1.0, -24), terms = static_cast<double>(dim) / 8;
          ASSERT_NEAR(dots[r], dot, (terms + 4) * unit * magnitude)
              << name(kernels->isa) << " dim " << dim;
          ASSERT_NEAR(squares[r], square, (terms + 6) * unit * square)
              << name(kernels->isa) << " dim " << dim;
        }
      }
    }
  }
}

TEST(Kernels, CodesAgreeWithTheDefinitionAtEveryLengthAndAlignment) {
  for (std::size_t dim = 0; dim <= 133; ++dim) {
    const std::size_t shift = dim % 5, plane_bytes = (dim + 7) / 8;
    const Block<std::uint8_t> rows(random_codes(kRows * dim, dim + 3), shift);
    Random random(dim + 4);
    std::vector<std::uint8_t> bits(kRows * plane_bytes);
    for (std::uint8_t& b : bits) b = static_cast<std::uint8_t>(random.next());
    const Block<std::uint8_t> planes(bits, 4 - shift);
    const Block<std::int8_t> narrow(random_query<std::int8_t>(dim, 127, dim + 5), shift);
    const Block<std::int16_t> wide(random_query<std::int16_t>(dim, max_wide_query(dim), dim + 6),
                                   shift);
    for (const Kernels* kernels : available()) {
      std::int32_t sevens[kRows], eights[kRows];
      kernels->dot_u7(narrow.data(), rows.data(), dim, kPicks, kRows, sevens);
      kernels->dot_u8(wide.data(), rows.data(), planes.data(), dim, kPicks, kRows, eights);
      for (std::size_t r = 0; r < kRows; ++r) {
        std::int64_t seven = 0, eight = 0;
        for (std::size_t i = 0; i < dim; ++i) {
          const std::int64_t code = rows[kPicks[r] * dim + i];
          const std::int64_t bit = planes[kPicks[r] * plane_bytes + i / 8] >> (i % 8) & 1;
          seven += narrow[i] * code;
          eight += wide[i] * (2 * code + bit);
        }
        ASSERT_EQ(sevens[r], seven) << name(kernels->isa) << " dim " << dim;
        ASSERT_EQ(eights[r], eight) << name(kernels->isa) << " dim " << dim;
      }
    }
  }
}

TEST(Kernels, ExtremeCodesNeverSaturate) {
  constexpr std::size_t kDim = 8192;
  const std::vector<std::uint8_t> rows(kDim, 127), planes(kDim / 8, 0xFF);
  const std::uint32_t first = 0;
  for (const int sign : {-1, 1}) {
    const std::vector<std::int8_t> narrow(kDim, static_cast<std::int8_t>(sign < 0 ? -128 : 127));
    const std::vector<std::int16_t> wide(kDim,
                                         static_cast<std::int16_t>(sign * max_wide_query(kDim)));
    for (const Kernels* kernels : available()) {
      std::int32_t seven, eight;
      kernels->dot_u7(narrow.data(), rows.data(), kDim, &first, 1, &seven);
      kernels->dot_u8(wide.data(), rows.data(), planes.data(), kDim, &first, 1, &eight);
      EXPECT_EQ(seven, (sign < 0 ? -128 : 127) * 127 * static_cast<int>(kDim))
          << name(kernels->isa);
      EXPECT_EQ(eight, sign * max_wide_query(kDim) * 255 * static_cast<int>(kDim))
          << name(kernels->isa);
    }
  }
}

TEST(Kernels, ARowScoresTheSameAloneAndAmongOthers) {
  constexpr std::size_t kDim = 100;
  const std::vector<float> query = test::random_vectors(1, kDim, 1),
                           rows = test::random_vectors(kRows, kDim, 2);
  for (const Kernels* kernels : available()) {
    float together[kRows];
    kernels->dot_f32(query.data(), rows.data(), kDim, kPicks, kRows, together);
    for (std::size_t r = 0; r < kRows; ++r) {
      float alone;
      kernels->dot_f32(query.data(), rows.data(), kDim, &kPicks[r], 1, &alone);
      EXPECT_EQ(alone, together[r]) << name(kernels->isa);
    }
  }
}

/// Everything a table computes over a fixed set of inputs, as one number.
std::uint64_t fingerprint(const Kernels& kernels) {
  std::vector<std::byte> all;
  const auto add = [&](const auto& values) {
    const auto bytes = std::as_bytes(std::span(values));
    all.insert(all.end(), bytes.begin(), bytes.end());
  };
  for (const std::size_t dim : {1u, 7u, 8u, 31u, 100u, 384u, 769u}) {
    const std::vector<float> query = test::random_vectors(1, dim, dim),
                             rows = test::random_vectors(kRows, dim, dim + 1);
    const std::vector<std::uint8_t> codes = random_codes(kRows * dim, dim + 2);
    const std::vector<std::uint8_t> planes = random_codes(kRows * ((dim + 7) / 8), dim + 3);
    const auto narrow = random_query<std::int8_t>(dim, 127, dim + 4);
    const auto wide = random_query<std::int16_t>(dim, max_wide_query(dim), dim + 5);
    float floats[kRows];
    std::int32_t integers[kRows];
    kernels.dot_f32(query.data(), rows.data(), dim, kPicks, kRows, floats);
    add(floats);
    kernels.l2_f32(query.data(), rows.data(), dim, kPicks, kRows, floats);
    add(floats);
    kernels.dot_u7(narrow.data(), codes.data(), dim, kPicks, kRows, integers);
    add(integers);
    kernels.dot_u8(wide.data(), codes.data(), planes.data(), dim, kPicks, kRows, integers);
    add(integers);
  }
  return checksum64(all);
}

TEST(Kernels, EveryInstructionSetGivesTheSameBits) {
  // The same number natively, on ARM and as wasm: this test runs on all of them.
  constexpr std::uint64_t kGolden = 1707516361898073031u;
  for (const Kernels* kernels : available()) {
    EXPECT_EQ(fingerprint(*kernels), kGolden) << name(kernels->isa);
  }
}

TEST(Kernels, TheBestTableIsTheLastAvailableOne) {
  EXPECT_EQ(&best_kernels(), available().back());
  EXPECT_EQ(best_kernels().isa, best_isa());
}

}  // namespace
}  // namespace corsac::math

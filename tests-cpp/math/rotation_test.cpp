#include "math/rotation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/checksum.h"
#include "math/normalise.h"
#include "support/vectors.h"

namespace corsac::math {
namespace {

TEST(Rotation, KeepsLengthsAndAnglesAndTurnsBack) {
  for (const std::size_t dimension : {1u, 7u, 64u, 100u, 384u, 600u}) {
    const Rotation rotation(dimension, 1, best_kernels());
    ASSERT_EQ(rotation.padded() % 64, 0u);
    ASSERT_LT(rotation.padded(), dimension + 64);
    const auto vector = test::random_vectors(1, dimension, dimension);
    std::vector<float> out(rotation.padded());
    rotation.apply(vector, out);
    EXPECT_NEAR(norm(out), norm(vector), 1e-4 * norm(vector));
    rotation.undo(out);
    for (std::size_t i = 0; i < dimension; ++i) EXPECT_NEAR(out[i], vector[i], 1e-5f);
    for (std::size_t i = dimension; i < out.size(); ++i) EXPECT_NEAR(out[i], 0, 1e-5f);
  }
}

TEST(Rotation, SpreadsOneLoudDimensionOverAll) {
  for (const std::size_t dimension : {64u, 384u, 768u}) {
    for (const std::size_t loud : {std::size_t{0}, dimension / 2, dimension - 1}) {
      const Rotation rotation(dimension, 7, best_kernels());
      std::vector<float> vector(dimension), out(rotation.padded());
      vector[loud] = 1;
      rotation.apply(vector, out);
      const double even = 1 / std::sqrt(static_cast<double>(rotation.padded()));
      for (const float x : out) EXPECT_LT(std::abs(x), 6 * even) << dimension << " " << loud;
    }
  }
}

TEST(Rotation, GivesTheSameBitsOnEveryInstructionSet) {
  const auto vector = test::random_vectors(1, 384, 3);
  std::uint64_t expected = 0;
  for (const Isa isa : kAllIsas) {
    const Kernels* const kernels = kernels_for(isa);
    if (kernels == nullptr) continue;
    const Rotation rotation(384, 5, *kernels);
    std::vector<float> out(rotation.padded());
    rotation.apply(vector, out);
    const std::uint64_t hash = checksum64(std::as_bytes(std::span(out)));
    if (expected == 0) expected = hash;
    EXPECT_EQ(hash, expected) << name(isa);
  }
}

}  // namespace
}  // namespace corsac::math

#include "math/aligned.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace corsac::math {
namespace {

TEST(AlignedVector, StartsACacheLine) {
  for (const std::size_t size : {1u, 100u, 5000u}) {
    const AlignedVector<float> vector(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(vector.data()) % kCacheLine, 0u);
  }
}

TEST(ReserveGrowing, GrowsByHalfOrToTheSizeAsked) {
  AlignedVector<int> vector;
  reserve_growing(vector, 100);
  EXPECT_EQ(vector.capacity(), 100u);
  reserve_growing(vector, 101);
  EXPECT_EQ(vector.capacity(), 150u);
  reserve_growing(vector, 10);
  EXPECT_EQ(vector.capacity(), 150u);
}

}  // namespace
}  // namespace corsac::math

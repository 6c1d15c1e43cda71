#include "math/normalise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace corsac::math {
namespace {

TEST(Normalise, MakesUnitLengthAndGivesTheLengthThatWas) {
  std::vector<float> vector = {3, 0, 4};
  EXPECT_DOUBLE_EQ(normalise(vector, vector), 5);
  EXPECT_EQ(vector, (std::vector<float>{0.6f, 0, 0.8f}));
}

TEST(Normalise, KeepsAZeroVectorZero) {
  std::vector<float> vector(5);
  EXPECT_EQ(normalise(vector, vector), 0);
  EXPECT_EQ(vector, std::vector<float>(5));
}

TEST(Normalise, SurvivesTheLargestAndTheSmallestFloats) {
  for (const float x : {3.4e38f, 1e-45f}) {
    std::vector<float> vector(100, x);
    normalise(vector, vector);
    for (const float y : vector) EXPECT_NEAR(y, 0.1, 1e-6);
  }
}

}  // namespace
}  // namespace corsac::math

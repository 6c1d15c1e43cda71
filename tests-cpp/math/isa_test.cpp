#include "math/isa.h"

#include <gtest/gtest.h>

#include <set>

namespace corsac::math {
namespace {

TEST(Isa, PlainCodeIsAlwaysAvailable) { EXPECT_TRUE(is_available(Isa::Portable)); }

TEST(Isa, TheBestOneIsAvailable) { EXPECT_TRUE(is_available(best_isa())); }

TEST(Isa, NamesDiffer) {
  std::set<std::string_view> names;
  for (const Isa isa : kAllIsas) names.insert(name(isa));
  EXPECT_EQ(names.size(), std::size(kAllIsas));
}

}  // namespace
}  // namespace corsac::math

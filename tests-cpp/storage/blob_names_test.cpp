#include "storage/blob_names.h"

#include <gtest/gtest.h>

namespace corsac::storage {
namespace {

TEST(BlobNames, AreReadBack) {
  EXPECT_EQ(blob_name(3, 17), "3/blob-17");
  EXPECT_EQ(segment_name(3, 1), "3/wal-1");
  EXPECT_EQ(parse_name(3, "3/blob-17"), (BlobKey{false, 17}));
  EXPECT_EQ(parse_name(3, "3/wal-18446744073709551615"), (BlobKey{true, ~std::uint64_t{0}}));
}

TEST(BlobNames, OfOthersAreNobodys) {
  for (const char* name :
       {"", "3", "3/", "3/blob-", "3/blob-01", "3/blob-+1", "3/blob-1x", "33/blob-1", "4/blob-1",
        "3/wal-18446744073709551616", "3/Blob-1", "3/blob--1"}) {
    EXPECT_FALSE(parse_name(3, name)) << name;
  }
}

}  // namespace
}  // namespace corsac::storage

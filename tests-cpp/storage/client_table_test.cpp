#include "storage/client_table.h"

#include <gtest/gtest.h>

namespace corsac::storage {
namespace {

TEST(ClientTable, KnowsWhatWasAppliedInAnyOrder) {
  ClientTable table;
  for (const std::uint64_t number : {1u, 2u, 5u, 4u}) table.record(3, number);
  for (const std::uint64_t number : {1u, 2u, 4u, 5u})
    EXPECT_TRUE(table.applied(3, number)) << number;
  EXPECT_FALSE(table.applied(3, 3));
  EXPECT_FALSE(table.applied(3, 6));
  EXPECT_FALSE(table.applied(4, 1));
}

TEST(ClientTable, TakesWhatIsOlderThanItsWindowForApplied) {
  ClientTable table;
  table.record(1, 1000);
  EXPECT_FALSE(table.applied(1, 936));
  EXPECT_TRUE(table.applied(1, 935));
  table.record(1, 1064);
  EXPECT_TRUE(table.applied(1, 1000));
  EXPECT_FALSE(table.applied(1, 1001));
  table.record(1, 5000);
  EXPECT_FALSE(table.applied(1, 4999));
}

TEST(ClientTable, NeverTakesNobodyForARepeat) {
  ClientTable table;
  table.record(0, 1);
  EXPECT_FALSE(table.applied(0, 1));
  EXPECT_EQ(table.size(), 0u);
}

TEST(ClientTable, ForgetsTheClientsHeardOfLeastRecently) {
  ClientTable table;
  for (std::uint64_t client = 1; client <= kMaxClients; ++client) table.record(client, 1);
  table.record(1, 2);
  table.record(9999, 1);
  EXPECT_EQ(table.size(), kMaxClients);
  EXPECT_TRUE(table.applied(1, 2));
  EXPECT_FALSE(table.applied(2, 1));
  EXPECT_TRUE(table.applied(9999, 1));
}

TEST(ClientTable, IsTheSameAfterSavingAndLoading) {
  ClientTable table;
  for (std::uint64_t i = 1; i < 40; ++i) table.record(i % 7 + 1, i * i);
  const Bytes bytes = table.encode();
  const Result<ClientTable> loaded = ClientTable::decode(bytes);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->encode(), bytes);
  EXPECT_TRUE(ClientTable::decode({}));
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_FALSE(ClientTable::decode(ByteView(bytes).first(length))) << length;
  }
}

}  // namespace
}  // namespace corsac::storage

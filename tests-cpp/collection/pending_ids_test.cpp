#include "collection/pending_ids.h"

#include <gtest/gtest.h>

namespace corsac::collection {
namespace {

Operation write_of(std::string_view id) {
  Operation out;
  out.documents.resize(1);
  out.documents[0].id = id;
  return out;
}

Operation remove_of(std::string_view id) {
  Operation out;
  out.kind = OperationKind::Remove;
  out.ids = {id};
  return out;
}

TEST(PendingIds, ALaterOperationSeesWhatTheEarlierOnesWillHaveDone) {
  PendingIds pending;
  EXPECT_EQ(pending.exists("a"), std::nullopt);
  pending.add(write_of("a"));
  EXPECT_EQ(pending.exists("a"), true);
  pending.add(remove_of("a"));
  EXPECT_EQ(pending.exists("a"), false);
  EXPECT_EQ(pending.documents(), 1u);
}

TEST(PendingIds, AnAppliedOperationIsForgottenUnlessALaterOneNamesTheSameId) {
  PendingIds pending;
  pending.add(write_of("a"));
  pending.add(write_of("b"));
  pending.add(remove_of("a"));
  pending.applied();
  EXPECT_EQ(pending.exists("a"), false);
  pending.applied();
  EXPECT_EQ(pending.exists("b"), std::nullopt);
  pending.applied();
  EXPECT_EQ(pending.exists("a"), std::nullopt);
  EXPECT_EQ(pending.documents(), 0u);
}

TEST(PendingIds, ForgettingTheLaterOperationsLeavesTheEarlierOnesAsTheyWere) {
  PendingIds pending;
  pending.add(write_of("a"));
  pending.add(remove_of("a"));
  pending.add(write_of("b"));
  pending.keep_oldest(1);
  EXPECT_EQ(pending.exists("a"), true);
  EXPECT_EQ(pending.exists("b"), std::nullopt);
  EXPECT_EQ(pending.documents(), 1u);
  pending.applied();
  EXPECT_EQ(pending.exists("a"), std::nullopt);
  pending.add(write_of("c"));
  pending.keep_oldest(0);
  EXPECT_EQ(pending.exists("c"), std::nullopt);
  EXPECT_EQ(pending.documents(), 0u);
}

TEST(PendingIds, ApplyingWhatWasNeverValidatedChangesNothing) {
  PendingIds pending;
  pending.applied();
  pending.add(write_of("b"));
  EXPECT_EQ(pending.exists("b"), true);
  pending.applied();
  EXPECT_EQ(pending.exists("b"), std::nullopt);
}

}  // namespace
}  // namespace corsac::collection

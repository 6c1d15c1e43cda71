// What a host does for a collection in tests: it keeps the sections and reads from them what is
// asked for.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "collection/collection.h"
#include "support/sections.h"

namespace corsac::collection::test {

inline void supply_blocks(Collection& to, const corsac::test::MemorySections& stored,
                          std::span<const document::BlockRange> blocks) {
  const ByteView documents = stored.section(SectionId::Documents);
  for (const document::BlockRange& range : blocks) {
    ASSERT_LE(range.offset + range.length, documents.size());
    const Status status =
        to.supply_block(range.block, documents.subspan(range.offset, range.length));
    ASSERT_TRUE(status.has_value()) << status.error().message;
  }
}

inline void supply_originals(Collection& to, const corsac::test::MemorySections& stored,
                             std::span<const Slot> slots) {
  const std::size_t row = to.options().dimension * sizeof(float);
  const ByteView originals = stored.section(SectionId::Originals);
  Bytes rows;
  for (const Slot slot : slots) {
    ASSERT_LE((slot + 1) * row, originals.size());
    const ByteView one = originals.subspan(slot * row, row);
    rows.insert(rows.end(), one.begin(), one.end());
  }
  const Status status = to.supply_originals(slots, rows);
  ASSERT_TRUE(status.has_value()) << status.error().message;
}

/// One step of maintenance, and the reads it asked for. True when it is finished.
inline bool step_maintenance(Collection& of, const corsac::test::MemorySections& stored,
                             std::uint64_t units) {
  Budget budget{units};
  const Collection::MaintenanceStep step = of.step_maintenance(budget);
  EXPECT_FALSE(step.failed.has_value()) << step.failed->message;
  EXPECT_TRUE(std::is_sorted(step.originals.begin(), step.originals.end()));
  supply_blocks(of, stored, step.blocks);
  if (!step.originals.empty()) supply_originals(of, stored, step.originals);
  return step.finished || step.failed.has_value();
}

inline void maintain(Collection& of, const corsac::test::MemorySections& stored, Maintenance what,
                     std::uint64_t units = ~std::uint64_t{0}) {
  of.begin_maintenance(what);
  while (!step_maintenance(of, stored, units)) {
  }
  of.finish_maintenance();
}

/// The stored document, read from the sections when it is not in memory.
inline document::DocumentView read(Collection& from, const corsac::test::MemorySections& stored,
                                   Ordinal ordinal) {
  supply_blocks(from, stored, from.missing_blocks(std::span(&ordinal, 1)));
  const auto view = from.read(ordinal);
  EXPECT_TRUE(view.has_value()) << (view ? "" : view.error().message);
  return view ? *view : document::DocumentView{};
}

}  // namespace corsac::collection::test

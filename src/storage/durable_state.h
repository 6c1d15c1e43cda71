// What a DurableCollection consists of: made by Opening, used by durable_collection.cpp.
#pragma once

#include <deque>

#include "storage/journal.h"

namespace corsac::storage {

struct DurableCollection::State {
  DurableOptions options;
  collection::Collection collection;
  Journal journal;
  std::deque<Bytes> waiting;       // stored operations that are to be applied
  bool applying = false;           // the first of them was begun
  std::uint64_t documents = 0;     // written or removed since the last checkpoint
  std::uint64_t checkpointed = 0;  // `documents` when the checkpoint under way began
  OpenReport report;

  void count(std::uint64_t affected) noexcept { documents += affected; }
};

}  // namespace corsac::storage

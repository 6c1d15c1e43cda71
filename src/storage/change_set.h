// What changed since the last checkpoint, as the components handed it over. Kept until a checkpoint
// has stored it: the changes of a failed one are joined by those of the next.
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "base/section.h"

namespace corsac::storage {

class ChangeSet final : public SectionSink {
 public:
  struct Change {
    SectionKind kind = SectionKind::AppendOnly;
    bool restarted = false;  ///< what is stored is forgotten
    bool replaced = false;   ///< `content` is the whole of a delta array, else what is added to it
    Bytes content;           ///< of a delta array, or the tail of an append-only section
    std::map<std::uint64_t, Bytes> added;
    std::set<std::uint64_t> dropped;
  };

  void append(SectionId id, ByteView tail) override;
  void replace(SectionId id, ByteView content) override;
  void patch(SectionId id, ByteView changes) override;
  void add_segment(SectionId id, std::uint64_t key, ByteView content) override;
  void drop_segment(SectionId id, std::uint64_t key) override;
  void restart(SectionId id) override;

  const std::map<SectionId, Change>& changes() const noexcept { return changes_; }
  const Change* find(SectionId id) const;
  void clear() { changes_.clear(); }

 private:
  std::map<SectionId, Change> changes_;
};

}  // namespace corsac::storage

// Sections in memory: what a store would keep, without a store.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "base/section.h"

namespace corsac::test {

class MemorySections final : public SectionSink, public SectionSource {
 public:
  void append(SectionId id, ByteView tail) override {
    Bytes& bytes = bytes_[id];
    bytes.insert(bytes.end(), tail.begin(), tail.end());
  }
  void replace(SectionId id, ByteView content) override {
    bytes_[id].assign(content.begin(), content.end());
  }
  void patch(SectionId id, ByteView changes) override { append(id, changes); }
  void add_segment(SectionId id, std::uint64_t key, ByteView content) override {
    segments_[id][key].assign(content.begin(), content.end());
  }
  void drop_segment(SectionId id, std::uint64_t key) override { segments_[id].erase(key); }
  void restart(SectionId id) override {
    bytes_.erase(id);
    segments_.erase(id);
  }

  ByteView section(SectionId id) const override {
    const auto at = bytes_.find(id);
    return at == bytes_.end() ? ByteView{} : ByteView(at->second);
  }
  std::vector<SegmentView> segments(SectionId id) const override {
    std::vector<SegmentView> out;
    if (const auto at = segments_.find(id); at != segments_.end()) {
      for (const auto& [key, content] : at->second) out.push_back({key, content});
    }
    return out;
  }
  std::uint64_t length(SectionId id) const override { return section(id).size(); }

  /// For damaging.
  Bytes& bytes(SectionId id) { return bytes_[id]; }
  const std::map<SectionId, Bytes>& all() const { return bytes_; }

 private:
  std::map<SectionId, Bytes> bytes_;
  std::map<SectionId, std::map<std::uint64_t, Bytes>> segments_;
};

}  // namespace corsac::test

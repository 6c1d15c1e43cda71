// How does a delta array hold a base and what changed since? One after the other, each with its
// length, so that a checkpoint adds the changes to the end of what is stored:
//
//   patched := u32 mark, u32 0, u64 base bytes, base, (u64 patch bytes, patch)*
//
// Content without the mark is a base alone, as format 1.0 wrote it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/section.h"

namespace corsac {

inline constexpr std::uint32_t kPatchedMark = 0x54500000;  // 0 0 "PT": no version begins so

struct PatchedContent {
  ByteView base;
  std::vector<ByteView> patches;  ///< in the order in which they were added
  bool is_marked = false;         ///< otherwise nothing may be added to it
};

/// Fails with: Corrupt when a length passes the end.
Result<PatchedContent> split_patched(ByteView content);

/// Decides whether changes pay as a patch, and hands over either form.
class PatchedSection {
 public:
  explicit PatchedSection(SectionId id) noexcept : id_(id) {}

  /// What is stored, after a load.
  void loaded(const PatchedContent& content) noexcept;
  /// Whether changes of about so many bytes may join the base: all patches together are at most
  /// 30 % of it.
  bool takes(std::uint64_t bytes) const noexcept {
    return 10 * (patch_bytes_ + bytes) <= 3 * base_bytes_;
  }

  /// Whether there is a base that patches can join.
  bool is_stored() const noexcept { return base_bytes_ > 0; }

  void replace(SectionSink& sink, ByteView base);
  /// Requires: takes(patch.size()).
  void patch(SectionSink& sink, ByteView patch);

 private:
  SectionId id_;
  std::uint64_t base_bytes_ = 0;
  std::uint64_t patch_bytes_ = 0;
};

}  // namespace corsac

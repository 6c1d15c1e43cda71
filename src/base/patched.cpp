#include "base/patched.h"

#include <cassert>
#include <string>

namespace corsac {

Result<PatchedContent> split_patched(ByteView content) {
  ByteReader in(content);
  if (in.get<std::uint32_t>() != kPatchedMark) return PatchedContent{content, {}, false};
  PatchedContent out;
  out.is_marked = true;
  const auto zero = in.get<std::uint32_t>();
  const auto next = [&] {
    const auto length = in.get<std::uint64_t>();
    if (length > in.remaining()) in.fail();
    return in.take(static_cast<std::size_t>(length));
  };
  out.base = next();
  while (in.remaining() > 0) out.patches.push_back(next());
  if (!in.ok() || zero != 0) {
    return Error{ErrorCode::Corrupt, "a delta array of " + std::to_string(content.size()) +
                                         " bytes does not hold what it lists"};
  }
  return out;
}

void PatchedSection::loaded(const PatchedContent& content) noexcept {
  base_bytes_ = content.is_marked ? content.base.size() : 0;
  patch_bytes_ = 0;
  for (const ByteView patch : content.patches) patch_bytes_ += patch.size();
}

void PatchedSection::replace(SectionSink& sink, ByteView base) {
  ByteWriter out;
  out.put(kPatchedMark);
  out.put(std::uint32_t{0});
  out.put(std::uint64_t{base.size()});
  out.append(base);
  sink.replace(id_, out.view());
  base_bytes_ = base.size();
  patch_bytes_ = 0;
}

void PatchedSection::patch(SectionSink& sink, ByteView patch) {
  assert(takes(patch.size()));
  ByteWriter out;
  out.put(std::uint64_t{patch.size()});
  out.append(patch);
  sink.patch(id_, out.view());
  patch_bytes_ += patch.size();
}

}  // namespace corsac

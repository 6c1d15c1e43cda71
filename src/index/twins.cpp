#include "index/twins.h"

namespace corsac::index {

void Twins::join(Slot representative, Slot slot) {
  Group& group = groups_[representative];
  if (group.others.empty()) {
    has_others_.set(representative);
    group.live = 1;
  }
  group.others.push_back(slot);
  ++group.live;
  representatives_.emplace_hint(representatives_.end(), slot, representative);
  changed_ = true;
}

std::size_t Twins::remove(Slot representative) noexcept {
  if (!has_others_.test(representative)) return 0;
  return --groups_.find(representative)->second.live;
}

void Twins::dissolve(Slot representative) {
  if (!has_others_.test(representative)) return;
  for (const Slot slot : others(representative)) representatives_.erase(slot);
  groups_.erase(representative);
  changed_ = true;
  has_others_.reset(representative);
}

void Twins::encode(ByteWriter& out) const {
  out.put(static_cast<std::uint32_t>(representatives_.size()));
  for (const auto& [slot, representative] : representatives_) {
    out.put(slot);
    out.put(representative);
  }
}

Result<Twins> Twins::decode(const Bitset& nodes, const Bitset& removed, ByteReader& in) {
  const Error damaged{ErrorCode::Corrupt, "graph: the list of equal vectors is damaged"};
  const auto count = in.get<std::uint32_t>();
  if (!in.ok() || count > in.remaining() / (2 * sizeof(Slot))) return damaged;
  Twins twins;
  twins.grow(nodes.size());
  Slot after = 0;  // Slots ascend, so none joins twice.
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto slot = in.get<Slot>();
    const auto representative = in.get<Slot>();
    if (slot >= nodes.size() || slot < after || representative >= slot || nodes.test(slot) ||
        !nodes.test(representative)) {
      return damaged;
    }
    const bool is_first = twins.others(representative).empty();
    twins.join(representative, slot);
    if (is_first && removed.test(representative)) twins.remove(representative);
    if (removed.test(slot)) twins.remove(representative);
    after = slot + 1;
  }
  return twins;
}

}  // namespace corsac::index

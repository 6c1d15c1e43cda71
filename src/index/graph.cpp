#include "index/graph.h"

#include <algorithm>

namespace corsac::index {

void Graph::grow(std::size_t size) {
  assert(size >= levels_.size());
  math::reserve_growing(base_, size * 2 * m_);
  math::reserve_growing(levels_, size);
  math::reserve_growing(upper_first_, size);
  math::reserve_growing(changed_, size);
  base_.resize(size * 2 * m_, kNoSlot);
  levels_.resize(size, kAbsent);
  upper_first_.resize(size);
  changed_.resize(size);
}

void Graph::add(Slot slot, unsigned level) {
  assert(!has(slot));
  ++nodes_;
  mark(slot);
  levels_[slot] = static_cast<std::uint8_t>(level);
  upper_first_[slot] = static_cast<std::uint32_t>(upper_.size());
  math::reserve_growing(upper_, upper_.size() + level * std::size_t{m_});
  upper_.resize(upper_.size() + level * std::size_t{m_}, kNoSlot);
}

void Graph::erase(Slot slot) noexcept {
  assert(has(slot) && slot != entry_);
  for (unsigned level = 0; level <= levels_[slot]; ++level) set_links(slot, level, {});
  levels_[slot] = kAbsent;
  mark(slot);
  --nodes_;
}

std::span<const Slot> Graph::links(Slot slot, unsigned level) const noexcept {
  const Slot* const first = row(slot, level);
  std::size_t count = 0;
  while (count < capacity(level) && first[count] != kNoSlot) ++count;
  return {first, count};
}

void Graph::set_links(Slot slot, unsigned level, std::span<const Slot> links) noexcept {
  assert(links.size() <= capacity(level));
  mark(slot);
  Slot* const first = mutable_row(slot, level);
  std::copy(links.begin(), links.end(), first);
  std::fill(first + links.size(), first + capacity(level), kNoSlot);
}

void Graph::add_link(Slot slot, unsigned level, Slot neighbour) noexcept {
  const std::size_t count = links(slot, level).size();
  assert(count < capacity(level));
  mutable_row(slot, level)[count] = neighbour;
  mark(slot);
}

std::size_t Graph::changed() const noexcept {
  return static_cast<std::size_t>(std::ranges::count(changed_, std::uint8_t{1}));
}

std::uint64_t Graph::bytes() const noexcept {
  return base_.size() * sizeof(Slot) + levels_.size() +
         upper_first_.size() * sizeof(std::uint32_t) + upper_.size() * sizeof(Slot) +
         changed_.size();
}

}  // namespace corsac::index

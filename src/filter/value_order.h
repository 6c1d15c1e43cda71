// Where are the entries with a value, without looking at all? Two orders over a column that are
// made once scans have cost more than making them, and never stored: what was added since is
// scanned, until that is an eighth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/sort.h"

namespace corsac::filter {

/// Items 0..n of somebody's by ascending value, equal ones by number.
class ValueOrder {
 public:
  /// Called before each question to `count` items: makes the order anew when it lacks many and was
  /// asked often enough.
  void prepare(std::size_t count, Before before, const void* owner);
  /// Those of the first covered() items, in order.
  std::span<const std::uint32_t> items() const noexcept { return items_; }
  std::size_t covered() const noexcept { return items_.size(); }
  std::uint64_t bytes() const noexcept { return items_.size() * sizeof(std::uint32_t); }

 private:
  std::vector<std::uint32_t> items_;
  std::uint32_t asked_ = 0;  // since items_ was made or first found lacking
};

/// The entries of each number, ascending: a counting sort.
class EntryGroups {
 public:
  /// As in ValueOrder. Requires: every number of an entry is below `number_count`.
  void prepare(std::span<const std::uint32_t> numbers, std::size_t number_count);
  /// The entries below covered() that have this number.
  std::span<const std::uint32_t> of(std::uint32_t number) const noexcept;
  std::size_t covered() const noexcept { return entries_.size(); }
  std::uint64_t bytes() const noexcept {
    return (entries_.size() + ends_.size()) * sizeof(std::uint32_t);
  }

 private:
  std::vector<std::uint32_t> entries_;
  std::vector<std::uint32_t> ends_;  // [numbers] where each group ends
  std::uint32_t asked_ = 0;
};

}  // namespace corsac::filter

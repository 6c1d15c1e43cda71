// Which ids will exist once everything validated has been applied? Operations are validated before they
// are logged and applied after, so a later one must see what the earlier ones will have done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "collection/operation.h"

namespace corsac::collection {

class PendingIds {
 public:
  /// Whether `id` will exist; nothing when no pending operation names it.
  std::optional<bool> exists(std::string_view id) const;
  /// Remembers a validated operation.
  void add(const Operation& operation);
  /// The oldest remembered operation was applied: its ids speak for themselves now.
  void applied(const Operation& operation);
  void clear();
  /// Documents that pending writes will add, at most.
  std::size_t documents() const noexcept { return documents_; }

 private:
  struct Fate {
    bool exists = false;
    std::uint64_t sequence = 0;  // of the last operation that names the id
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const noexcept { return std::hash<std::string_view>{}(id); }
  };

  std::unordered_map<std::string, Fate, Hash, std::equal_to<>> fates_;  // looked up, never iterated
  std::uint64_t added_ = 0;
  std::uint64_t applied_ = 0;
  std::size_t documents_ = 0;
};

}  // namespace corsac::collection

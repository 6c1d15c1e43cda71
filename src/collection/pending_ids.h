// Which ids will exist once everything validated has been applied? Operations are validated before
// they are logged and applied after, so a later one must see what the earlier ones will have done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "collection/operation.h"

namespace corsac::collection {

class PendingIds {
 public:
  /// Whether `id` will exist; nothing when no pending operation names it.
  std::optional<bool> exists(std::string_view id) const;
  /// Remembers a validated operation.
  void add(const Operation& operation);
  /// The oldest remembered operation was applied: its ids speak for themselves now. Changes nothing
  /// when none is remembered.
  void applied();
  /// Forgets all but the `count` oldest operations, as if the others had never been.
  void keep_oldest(std::size_t count);
  /// Documents that pending writes will add, at most.
  std::size_t documents() const noexcept { return documents_; }

 private:
  /// What one operation does to the ids it names.
  struct Remembered {
    bool exists = false;
    std::string ids;                // one after the other
    std::vector<std::size_t> ends;  // of each id
  };
  struct Fate {
    bool exists = false;
    std::uint64_t sequence = 0;  // of the last operation that names the id
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const noexcept {
      return std::hash<std::string_view>{}(id);
    }
  };

  template <class Visit>
  static void for_each_id(const Remembered& operation, Visit visit);
  void decide(const Remembered& operation, std::uint64_t sequence);

  std::unordered_map<std::string, Fate, Hash, std::equal_to<>> fates_;  // looked up, never iterated
  std::deque<Remembered> operations_;                                   // oldest first
  std::uint64_t applied_ = 0;  // operations_[i] has sequence applied_ + i + 1
  std::size_t documents_ = 0;
};

}  // namespace corsac::collection

// Which ordinal has this id, and which id has this ordinal? Ids are appended to one arena in the
// order of ordinals (that arena is SectionId::Ids); a flat hash table finds the live one. Nothing
// ever iterates the table, so its order cannot show.
//   ids := (u16 bytes, UTF-8)[ordinals]
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/section.h"
#include "base/types.h"

namespace corsac::collection {

class IdMap {
 public:
  /// As saved: `ordinals` ids of which the `deleted` ones are found no more.
  /// Fails with: Corrupt (length, size or encoding of an id, an id that two live ordinals have).
  static Result<IdMap> load(const SectionSource& source, std::size_t ordinals,
                            const Bitset& deleted);

  /// Ordinals ever used.
  std::size_t size() const noexcept { return ends_.size(); }
  /// Requires: ordinal < size(). Deleted ordinals keep their id. Lives until the next append.
  std::string_view id(Ordinal ordinal) const noexcept;
  std::optional<Ordinal> find(std::string_view id) const noexcept;

  /// Gives the next ordinal to `id`, taking it from the ordinal that had it.
  /// Requires: 1..512 bytes.
  Ordinal append(std::string_view id);
  /// Forgets the live id of `ordinal`: it is found no more. Requires: find(id(ordinal)) == ordinal.
  void erase(Ordinal ordinal) noexcept;

  void save(SectionSink& sink);
  std::uint64_t bytes() const noexcept;

 private:
  /// One place of the table: empty when there is no ordinal.
  struct Place {
    std::uint32_t tag =
        0;  // Low half of the id's hash: where probing starts, and a first comparison.
    Ordinal ordinal = kNoOrdinal;
  };

  static std::uint32_t tag_of(std::string_view id) noexcept;
  /// Where `id` is, or the empty place where it belongs. Requires: a table with an empty place.
  std::size_t place_of(std::string_view id, std::uint32_t tag) const noexcept;
  void grow_for(std::size_t live);

  Bytes arena_;
  std::vector<std::size_t> ends_;  // [ordinals] end of each entry in the arena
  std::vector<Place> table_;       // a power of two; at most 3/4 full; linear probing
  std::size_t live_ = 0;
  std::size_t saved_bytes_ = 0;
};

}  // namespace corsac::collection

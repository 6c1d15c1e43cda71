// Which number has this string? Strings get numbers by first use; the text of all is one buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace corsac::filter {

class Dictionary {
 public:
  /// The string's number, a new one if it has none. Requires: fewer than 2^32 - 1 strings.
  std::uint32_t intern(std::string_view text);
  std::optional<std::uint32_t> find(std::string_view text) const noexcept;
  std::size_t size() const noexcept { return ends_.size(); }
  /// Requires: number < size().
  std::string_view operator[](std::uint32_t number) const noexcept;
  /// The numbers of the strings that contain `part`, ascending. One sweep over the text of all.
  std::vector<std::uint32_t> containing(std::string_view part) const;

  void save(ByteWriter& out) const;
  /// Fails the reader when a string stands there twice.
  static Dictionary load(ByteReader& in);
  std::uint64_t bytes() const noexcept;

 private:
  std::size_t slot_of(std::string_view text) const noexcept;
  void grow();

  std::string text_;
  std::vector<std::uint64_t> ends_;  // [size] where each string ends in text_
  std::vector<std::uint32_t>
      slots_;  // hash table of numbers, a power of two long, at most half full
};

}  // namespace corsac::filter

// Numbers for strings, dense and in the order they came: an open-addressing hash table over one
// buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::text {

class TermTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(ends_.size() - 1); }
  std::string_view operator[](std::uint32_t id) const noexcept {
    return {bytes_.data() + ends_[id], ends_[id + 1] - ends_[id]};
  }

  /// The number of `text`, or kNone.
  std::uint32_t find(std::string_view text) const noexcept;
  /// The number of `text`, and whether it is new.
  std::pair<std::uint32_t, bool> insert(std::string_view text);
  void clear();

  std::size_t memory_bytes() const noexcept;

 private:
  // Up to 8 bytes of text are their own key, so that most look-ups end here; longer ones are
  // hashed.
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t length = 0;
    std::uint32_t id = kNone;
  };
  static constexpr std::size_t kInline = 8;

  static std::uint64_t key_of(std::string_view text) noexcept;
  static std::size_t hash_of(std::uint64_t key, std::size_t length) noexcept;
  const Slot& slot_of(std::string_view text, std::uint64_t key) const noexcept;
  void place(const Slot& slot) noexcept;
  void grow();

  std::vector<char> bytes_;
  std::vector<std::uint32_t> ends_ = {
      0};  // [size + 1] where each string starts; its end is the next
  std::vector<Slot> slots_ = std::vector<Slot>(16);  // A power of two, at most half full.
};

}  // namespace corsac::text

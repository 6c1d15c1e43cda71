// Little-endian bytes, written and read without trusting anybody: the one way this library turns
// numbers into stored bytes and back. A reader that fails stays failed and yields zeros, so a
// decoder checks `ok()` once at the end of each structure instead of after each field.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace corsac {

static_assert(std::endian::native == std::endian::little, "stored bytes are little-endian");

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

inline ByteView as_byte_view(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class ByteWriter {
 public:
  template <Scalar T>
  void put(T value) {
    const std::size_t end = bytes_.size();
    bytes_.resize(end + sizeof value);
    std::memcpy(bytes_.data() + end, &value, sizeof value);
  }
  template <Scalar T>
  void put_all(std::span<const T> values) {
    append(std::as_bytes(values));
  }
  void append(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  /// A u32 length, then the bytes.
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    append(as_byte_view(text));
  }
  /// LEB128: 7 bits a byte, low bits first.
  void put_varint(std::uint64_t value) {
    while (value >= 0x80) {
      put(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    put(static_cast<std::uint8_t>(value));
  }
  /// Zero bytes up to the next multiple of `alignment`.
  void pad_to(std::size_t alignment) {
    bytes_.resize((bytes_.size() + alignment - 1) / alignment * alignment);
  }
  template <Scalar T>
  void overwrite(std::size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }

  std::size_t size() const noexcept { return bytes_.size(); }
  ByteView view() const noexcept { return bytes_; }
  Bytes take() && { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) noexcept : bytes_(bytes) {}

  template <Scalar T>
  T get() noexcept {
    T value{};
    const ByteView raw = take(sizeof value);
    if (raw.size() == sizeof value) std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }
  std::uint64_t get_varint() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = get<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    fail();
    return 0;
  }
  /// A u32 length, then that many bytes of text.
  std::string_view get_text() noexcept { return as_text(take(get<std::uint32_t>())); }
  /// The next `count` bytes; empty, and failed, when fewer are left.
  ByteView take(std::size_t count) noexcept {
    if (!ok_ || count > bytes_.size() - at_) {
      fail();
      return {};
    }
    const ByteView out = bytes_.subspan(at_, count);
    at_ += count;
    return out;
  }
  /// `count` values of T, copied (no alignment is assumed); nothing is allocated beyond what is
  /// left.
  template <Scalar T>
  std::vector<T> get_all(std::size_t count) {
    if (!ok_ || count > remaining() / sizeof(T)) {
      fail();
      return {};
    }
    std::vector<T> out(count);
    const ByteView raw = take(count * sizeof(T));
    if (count > 0) std::memcpy(out.data(), raw.data(), raw.size());
    return out;
  }

  void fail() noexcept { ok_ = false; }
  bool ok() const noexcept { return ok_; }
  std::size_t remaining() const noexcept { return ok_ ? bytes_.size() - at_ : 0; }
  /// Everything was read and nothing failed.
  bool finished() const noexcept { return ok_ && at_ == bytes_.size(); }

 private:
  ByteView bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace corsac

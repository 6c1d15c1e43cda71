// Arrays whose first byte starts a cache line, so that a 384-byte row covers six lines and not
// seven.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace corsac::math {

inline constexpr std::size_t kCacheLine = 64;

template <class T>
struct CacheLineAllocator {
  using value_type = T;

  CacheLineAllocator() = default;
  template <class U>
  explicit constexpr CacheLineAllocator(const CacheLineAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{kCacheLine}));
  }
  void deallocate(T* p, std::size_t) noexcept {
    ::operator delete (p, std::align_val_t{kCacheLine});
  }

  friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
};

template <class T>
using AlignedVector = std::vector<T, CacheLineAllocator<T>>;

/// Room for `size` elements, growing by half so that appends stay linear and a big array never
/// doubles.
template <class Vector>
void reserve_growing(Vector& vector, std::size_t size) {
  if (size <= vector.capacity()) return;
  const std::size_t by_half = vector.capacity() + vector.capacity() / 2;
  vector.reserve(size > by_half ? size : by_half);
}

}  // namespace corsac::math

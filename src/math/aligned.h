// Arrays whose first byte starts a cache line, so that a 384-byte row covers six lines and not
// seven. Large ones ask for huge pages where the system has them: a search reads rows at random,
// and with small pages nearly every row is first looked up in the page tables (a tenth of its
// time).
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace corsac::math {

inline constexpr std::size_t kCacheLine = 64;

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

/// Where an allocation of so many bytes starts.
constexpr std::size_t alignment(std::size_t bytes) noexcept {
  return bytes >= 2 * kHugePage ? kHugePage : kCacheLine;
}

template <class T>
struct CacheLineAllocator {
  using value_type = T;

  CacheLineAllocator() = default;
  template <class U>
  explicit constexpr CacheLineAllocator(const CacheLineAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    void* const p = ::operator new (bytes, std::align_val_t{alignment(bytes)});
#ifdef __linux__
    if (alignment(bytes) == kHugePage) madvise(p, bytes, MADV_HUGEPAGE);
#endif
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t count) noexcept {
    ::operator delete (p, std::align_val_t{alignment(count * sizeof(T))});
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

// The native library that vector searches are compared with: hnswlib's HNSW over f32, inner product
// of unit vectors. Not vendored: CMake builds it in where its headers are installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace corsac::benchmark {

class HnswlibEngine {
 public:
  /// Read from `file` when it is there; else built from `base` [n x dimension] and written to it.
  HnswlibEngine(const std::string& file, std::span<const float> base, std::size_t dimension);
  ~HnswlibEngine();

  /// Vectors per second of processor time; 0 when it was read.
  double build_rate() const noexcept { return build_rate_; }
  void search(std::span<const float> query, std::size_t k, std::size_t ef,
              std::vector<std::uint32_t>& slots);

 private:
  struct Index;
  std::unique_ptr<Index> index_;
  double build_rate_ = 0;
};

}  // namespace corsac::benchmark

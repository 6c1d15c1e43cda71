// Where do the benchmarks get real vectors, true neighbours and processor time?
//
// A folder of the shared test data holds base.f16, queries.f16, questions.f16 and *.top100.i32.
// Recall counts a hit as right when its true score reaches that of the true k-th, so exact twins
// are equals.
#pragma once

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#else
#include <ctime>
#endif

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/types.h"
#include "math/kernels.h"

namespace corsac::benchmark {

inline constexpr std::size_t kDimension = 384;

inline double now_us() {
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Seconds of processor time of this process, so that a busy machine does not blur a rate.
inline double cpu_seconds() {
#ifdef __EMSCRIPTEN__
  return EM_ASM_DOUBLE({
    const usage = process.cpuUsage();
    return (usage.user + usage.system) / 1e6;
  });
#else
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
#endif
}

[[noreturn]] inline void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

template <class T>
std::vector<T> read_all(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) fail("cannot open " + path);
  std::vector<T> out;
  std::vector<T> block(1 << 16);
  for (std::size_t got; (got = std::fread(block.data(), sizeof(T), block.size(), file)) > 0;) {
    out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
  }
  std::fclose(file);
  return out;
}

inline float from_half(std::uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return static_cast<float>((half >> 15) != 0 ? -magnitude : magnitude);
}

inline std::vector<float> read_vectors(const std::string& path, std::size_t most) {
  std::vector<float> table(1 << 16);
  for (std::size_t half = 0; half < table.size(); ++half)
    table[half] = from_half(static_cast<std::uint16_t>(half));
  const std::vector<std::uint16_t> halves = read_all<std::uint16_t>(path);
  std::vector<float> out(std::min(halves.size(), most * kDimension));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = table[halves[i]];
  return out;
}

/// Queries of one kind with the true score of each k-th neighbour.
struct QuerySet {
  const char* name;
  std::vector<float> vectors;
  std::vector<float> kth;  // [queries]
  std::size_t size() const { return kth.size(); }
  std::span<const float> query(std::size_t i) const {
    return std::span(vectors).subspan(i * kDimension, kDimension);
  }
};

inline float true_score(std::span<const float> base, std::span<const float> query,
                        std::uint32_t row) {
  float score;
  math::best_kernels().dot_f32(query.data(), base.data(), kDimension, &row, 1, &score);
  return score;
}

/// The k-th best true scores: from the file when it speaks of all vectors, else by a scan.
inline QuerySet read_queries(const std::string& folder, const char* name,
                             std::span<const float> base, std::size_t k) {
  QuerySet set{name, read_vectors(folder + "/" + name + ".f16", 1 << 20), {}};
  const std::vector<std::int32_t> top = read_all<std::int32_t>(folder + "/" + name + ".top100.i32");
  const std::size_t count = set.vectors.size() / kDimension, n = base.size() / kDimension;
  set.kth.resize(count);
  std::vector<std::uint32_t> all(n);
  for (std::uint32_t i = 0; i < n; ++i) all[i] = i;
  std::vector<float> scores(n);
  for (std::size_t q = 0; q < count; ++q) {
    if (n == 100'000) {
      set.kth[q] = true_score(base, set.query(q), static_cast<std::uint32_t>(top[q * 100 + k - 1]));
      continue;
    }
    math::best_kernels().dot_f32(set.query(q).data(), base.data(), kDimension, all.data(), n,
                                 scores.data());
    const auto kth = scores.begin() + static_cast<std::ptrdiff_t>(k - 1);
    std::nth_element(scores.begin(), kth, scores.end(), std::greater<>());
    set.kth[q] = *kth;
  }
  return set;
}

/// How many of `slots` are among the true k nearest, twins of the k-th included.
inline std::size_t count_right(std::span<const float> base, const QuerySet& set, std::size_t query,
                               std::span<const Slot> slots) {
  return static_cast<std::size_t>(std::count_if(slots.begin(), slots.end(), [&](Slot slot) {
    return true_score(base, set.query(query), slot) >= set.kth[query] - 1e-6f;
  }));
}

}  // namespace corsac::benchmark

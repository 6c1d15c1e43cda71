// What does a filter cost a vector search, and what does it find? For shares of matching vectors,
// spread at random, gathered near each query, or far from it: recall@10 among the matches, and the
// 99th percentile of a search beside those of a scan of the matches and of a search without a
// filter, the larger of which it may exceed twofold.
//
//   corsac_filtered_benchmark <folder> [n=100000] [queries=200]
//
// The folder is that of real_vectors.h. A query is asked five times in turns with the others; its
// least time counts, so that a busy machine does not make the percentiles.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "index/vector_index.h"
#include "real_vectors.h"

namespace {

using namespace corsac;
using namespace corsac::benchmark;

constexpr double kShares[] = {0.5, 0.1, 0.05, 0.01, 0.001};
constexpr int kRounds = 5;

enum class Shape { Random, Near, Far };
constexpr std::pair<Shape, const char*> kShapes[] = {
    {Shape::Random, "random"}, {Shape::Near, "near"}, {Shape::Far, "far"}};

/// The rows that match, and the true score of the tenth best of them.
struct Matches {
  Bitset rows;
  std::size_t count = 0;
  float tenth = 0;
};

Matches matches(Shape shape, double share, std::span<const float> scores, Random& random) {
  const std::size_t n = scores.size();
  Matches out{Bitset(n), 0, 0};
  std::vector<float> sorted(scores.begin(), scores.end());
  const auto wanted =
      std::max<std::size_t>(10, static_cast<std::size_t>(share * static_cast<double>(n)));
  const auto at =
      sorted.begin() + static_cast<std::ptrdiff_t>(shape == Shape::Far ? wanted - 1 : n - wanted);
  std::nth_element(sorted.begin(), at, sorted.end());
  std::vector<float> matching;
  for (std::size_t row = 0; row < n; ++row) {
    const bool is_in = shape == Shape::Random ? random.uniform() < static_cast<float>(share)
                       : shape == Shape::Near ? scores[row] >= *at
                                              : scores[row] <= *at;
    if (!is_in) continue;
    out.rows.set(row);
    matching.push_back(scores[row]);
  }
  out.count = matching.size();
  const auto tenth =
      matching.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(out.count, 10) - 1);
  std::nth_element(matching.begin(), tenth, matching.end(), std::greater<>());
  out.tenth = *tenth;
  return out;
}

double p99(std::vector<double> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 99 / 100);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

void measure(const index::VectorIndex& index, std::span<const float> base, const QuerySet& set,
             std::size_t queries, std::pair<Shape, const char*> shape, double share) {
  const std::size_t n = base.size() / kDimension;
  std::vector<std::uint32_t> all(n);
  for (std::uint32_t i = 0; i < n; ++i) all[i] = i;
  std::vector<float> scores(n);
  Random random(11);
  std::array<std::vector<double>, 3> times;
  std::size_t right = 0, wanted = 0, walks = 0;
  for (std::size_t q = 0; q < queries; ++q) {
    math::best_kernels().dot_f32(set.query(q).data(), base.data(), kDimension, all.data(), n,
                                 scores.data());
    const Matches some = matches(shape.first, share, scores, random);
    if (some.count == 0) continue;
    const index::VectorQuery plain{.vector = set.query(q)};
    index::VectorQuery filtered = plain;
    filtered.allowed = &some.rows;
    filtered.allowed_count = some.count;
    index::VectorQuery scan = filtered;
    scan.force_scan = true;
    std::array<double, 3> least = {1e9, 1e9, 1e9};
    for (int round = 0; round < kRounds; ++round) {
      std::size_t which = 0;
      for (const index::VectorQuery* query :
           std::initializer_list<const index::VectorQuery*>{&filtered, &scan, &plain}) {
        const double begin = now_us();
        const auto result = index.search(*query);
        least[which] = std::min(least[which], now_us() - begin);
        if (round == 0 && which == 0) {
          walks += result->path == index::Path::Graph ? 1 : 0;
          wanted += std::min<std::size_t>(some.count, 10);
          for (const Slot slot : result->slots) right += scores[slot] >= some.tenth - 1e-6f ? 1 : 0;
        }
        ++which;
      }
    }
    for (std::size_t i = 0; i < 3; ++i) times[i].push_back(least[i]);
  }
  const double ours = p99(times[0]), scanned = p99(times[1]), unfiltered = p99(times[2]);
  std::printf(
      "%-10s %-7s %5.1f %%  recall@10 %.4f  walks %3.0f %%  p99 %7.1f us  scan %7.1f  unfiltered "
      "%6.1f  ratio %.2f\n",
      set.name, shape.second, 100 * share,
      static_cast<double>(std::min(right, wanted)) / static_cast<double>(wanted),
      100 * static_cast<double>(walks) / static_cast<double>(times[0].size()), ours, scanned,
      unfiltered, ours / std::max(scanned, unfiltered));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) fail("usage: corsac_filtered_benchmark <folder> [n=100000] [queries=200]");
  const std::string folder = argv[1];
  const std::size_t most = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 100'000;
  const std::size_t asked = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 200;
  const std::vector<float> base = read_vectors(folder + "/base.f16", most);
  auto index = *index::create_index(
      {.kind = index::Kind::Hnsw, .codec = index::CodecKind::Sq8, .dimension = kDimension});
  index->begin_append(base);
  for (Budget all; !index->step(all);) all = {};
  for (const char* name : {"queries", "questions"}) {
    const QuerySet set = read_queries(folder, name, base, 10);
    for (const auto& shape : kShapes) {
      for (const double share : kShares)
        measure(*index, base, set, std::min(asked, set.size()), shape, share);
    }
  }
  return 0;
}

// How fast is a vector search, and how right? Builds an index over real sentence vectors, then
// prints recall@k beside the time of a query for a sweep of ef, natively or as wasm under Node.
//
//   corsac_vectors_benchmark <folder> [codec=sq8|f32] [kind=hnsw|flat] [n=100000] [m=16] [efc=200]
//   [k=10]
//                            [ef=20,40,80] [rounds=3] [insert=<vectors per append>]
//
// The folder holds base.f16, queries.f16, questions.f16 and *.top100.i32 (shared test data). Recall
// counts a hit as right when its true score reaches that of the true k-th, so exact twins are
// equals.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "index/vector_index.h"
#include "math/isa.h"
#include "math/kernels.h"

namespace {

using namespace corsac;

constexpr std::size_t kDimension = 384;

double now_us() {
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Seconds of processor time of this thread, so that a busy machine does not blur the rate of a
/// build; the clock where the system does not tell.
double cpu_seconds() {
  unsigned long long nanoseconds = 0;
  if (std::FILE* file = std::fopen("/proc/self/schedstat", "rb")) {
    const int read = std::fscanf(file, "%llu", &nanoseconds);
    std::fclose(file);
    if (read == 1) return static_cast<double>(nanoseconds) / 1e9;
  }
  return now_us() / 1e6;
}

[[noreturn]] void fail(const std::string& why) {
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

float from_half(std::uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return static_cast<float>((half >> 15) != 0 ? -magnitude : magnitude);
}

std::vector<float> read_vectors(const std::string& path, std::size_t most) {
  std::vector<float> table(1 << 16);
  for (std::size_t half = 0; half < table.size(); ++half)
    table[half] = from_half(static_cast<std::uint16_t>(half));
  const std::vector<std::uint16_t> halves = read_all<std::uint16_t>(path);
  std::vector<float> out(std::min(halves.size(), most * kDimension));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = table[halves[i]];
  return out;
}

struct Settings {
  index::IndexOptions options{.kind = index::Kind::Hnsw, .codec = index::CodecKind::Sq8};
  std::size_t n = 100'000, k = 10, rounds = 3, insert = 1000;
  std::vector<std::size_t> efs = {20, 28, 40, 56, 64, 72, 80, 96, 112, 160, 224, 320};
};

Settings read_settings(int count, char** arguments) {
  Settings settings;
  for (int i = 2; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = argument.find('=');
    const std::string_view key = argument.substr(0, equals);
    const std::string value(equals == argument.npos ? "" : argument.substr(equals + 1));
    const auto number = static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    if (key == "codec")
      settings.options.codec = value == "f32" ? index::CodecKind::F32 : index::CodecKind::Sq8;
    else if (key == "kind")
      settings.options.kind = value == "flat" ? index::Kind::Flat : index::Kind::Hnsw;
    else if (key == "n")
      settings.n = number;
    else if (key == "m")
      settings.options.m = number;
    else if (key == "efc")
      settings.options.ef_construction = number;
    else if (key == "k")
      settings.k = number;
    else if (key == "rounds")
      settings.rounds = number;
    else if (key == "insert")
      settings.insert = number;
    else if (key == "ef") {
      settings.efs.clear();
      for (const char* at = value.c_str(); *at != 0; at += *at == ',') {
        char* end;
        settings.efs.push_back(std::strtoul(at, &end, 10));
        at = end;
      }
    } else
      fail("unknown argument " + std::string(argument));
  }
  return settings;
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

float true_score(std::span<const float> base, std::span<const float> query, std::uint32_t row) {
  float score;
  math::best_kernels().dot_f32(query.data(), base.data(), kDimension, &row, 1, &score);
  return score;
}

/// The k-th best true scores: from the file when it speaks of all vectors, else by a scan.
QuerySet read_queries(const std::string& folder, const char* name, std::span<const float> base,
                      const Settings& settings) {
  QuerySet set{name, read_vectors(folder + "/" + name + ".f16", 1 << 20), {}};
  const std::vector<std::int32_t> top = read_all<std::int32_t>(folder + "/" + name + ".top100.i32");
  const std::size_t count = set.vectors.size() / kDimension, n = base.size() / kDimension;
  set.kth.resize(count);
  std::vector<std::uint32_t> all(n);
  for (std::uint32_t i = 0; i < n; ++i) all[i] = i;
  std::vector<float> scores(n);
  for (std::size_t q = 0; q < count; ++q) {
    if (n == 100'000) {
      set.kth[q] =
          true_score(base, set.query(q), static_cast<std::uint32_t>(top[q * 100 + settings.k - 1]));
      continue;
    }
    math::best_kernels().dot_f32(set.query(q).data(), base.data(), kDimension, all.data(), n,
                                 scores.data());
    const auto kth = scores.begin() + static_cast<std::ptrdiff_t>(settings.k - 1);
    std::nth_element(scores.begin(), kth, scores.end(), std::greater<>());
    set.kth[q] = *kth;
  }
  return set;
}

struct Measured {
  double recall, p50_us, p95_us, cpu_us, examined;
};

Measured measure(const index::VectorIndex& index, const QuerySet& set, std::span<const float> base,
                 std::size_t ef, const Settings& settings) {
  std::vector<double> times(set.size());
  double right = 0, examined = 0, best_p50 = 1e30, best_p95 = 1e30, best_cpu = 1e30;
  std::vector<std::vector<Slot>> found(set.size());
  for (std::size_t round = 0; round < settings.rounds; ++round) {
    right = examined = 0;
    const double begin_cpu = cpu_seconds();
    for (std::size_t q = 0; q < set.size(); ++q) {
      const index::VectorQuery query{.vector = set.query(q), .k = settings.k, .ef = ef};
      const double begin = now_us();
      const Result<index::VectorResult> result = index.search(query);
      times[q] = now_us() - begin;
      examined += static_cast<double>(result->examined);
      found[q] = result->slots;
    }
    best_cpu =
        std::min(best_cpu, (cpu_seconds() - begin_cpu) * 1e6 / static_cast<double>(set.size()));
    for (std::size_t q = 0; q < set.size(); ++q) {
      for (const Slot slot : found[q])
        right += true_score(base, set.query(q), slot) >= set.kth[q] - 1e-6f;
    }
    std::sort(times.begin(), times.end());
    best_p50 = std::min(best_p50, times[times.size() / 2]);
    best_p95 = std::min(best_p95, times[times.size() * 95 / 100]);
  }
  const auto count = static_cast<double>(set.size());
  return {right / count / static_cast<double>(settings.k), best_p50, best_p95, best_cpu,
          examined / count};
}

std::unique_ptr<index::VectorIndex> build(std::span<const float> base, const Settings& settings) {
  auto created = index::create_index(settings.options);
  if (!created) fail(created.error().message);
  index::VectorIndex& index = **created;
  const double begin = cpu_seconds(), wall = now_us();
  double mark = begin;
  const std::size_t n = base.size() / kDimension;
  for (std::size_t done = 0; done < n;) {
    const std::size_t count = std::min(settings.insert, n - done);
    index.begin_append(base.subspan(done * kDimension, count * kDimension));
    for (Budget budget{20'000}; !index.step(budget); budget = Budget{20'000}) {
    }
    done += count;
    if (done % 20'000 == 0 || done == n) {
      std::printf("  %zu vectors, last 20,000 at %.0f per second\n", done,
                  20'000 / (cpu_seconds() - mark));
      mark = cpu_seconds();
    }
  }
  const index::IndexBytes bytes = index.bytes();
  const double seconds = cpu_seconds() - begin;
  std::printf(
      "build: %zu vectors in %.1f s of processor time (%.1f s by the clock), %.0f per second\n", n,
      seconds, (now_us() - wall) / 1e6, static_cast<double>(n) / seconds);
  std::printf("bytes per vector: codes %.0f, rerank %.0f, graph %.0f\n",
              static_cast<double>(bytes.codes) / static_cast<double>(n),
              static_cast<double>(bytes.rerank) / static_cast<double>(n),
              static_cast<double>(bytes.graph) / static_cast<double>(n));
  return *std::move(created);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) fail("usage: corsac_vectors_benchmark <folder> [key=value]...");
  const std::string folder = arguments[1];
  const Settings settings = read_settings(count, arguments);
  const std::vector<float> base = read_vectors(folder + "/base.f16", settings.n);
  const QuerySet sets[] = {read_queries(folder, "queries", base, settings),
                           read_queries(folder, "questions", base, settings)};
  const bool is_f32 = settings.options.codec == index::CodecKind::F32;
  std::printf("%s, codec %s, m %u, efConstruction %u, k %zu\n",
              std::string(math::name(math::best_isa())).c_str(), is_f32 ? "f32" : "sq8",
              settings.options.m, settings.options.ef_construction, settings.k);
  const auto index = build(base, settings);
  std::printf("%5s | %-39s | %-39s\n%5s | %6s %7s %7s %7s %7s | %6s %7s %7s %7s %7s\n", "",
              "queries", "questions", "ef", "recall", "p50 us", "p95 us", "cpu us", "scored",
              "recall", "p50 us", "p95 us", "cpu us", "scored");
  for (const std::size_t ef : settings.efs) {
    std::printf("%5zu", ef);
    for (const QuerySet& set : sets) {
      const Measured m = measure(*index, set, base, ef, settings);
      std::printf(" | %6.4f %7.1f %7.1f %7.1f %7.0f", m.recall, m.p50_us, m.p95_us, m.cpu_us,
                  m.examined);
    }
    std::printf("\n");
    std::fflush(stdout);
  }
}

// How fast is a vector search, and how right? Builds an index over real sentence vectors, then
// prints recall@k beside the time of a query for a sweep of ef, natively or as wasm under Node.
//
//   corsac_vectors_benchmark <folder> [codec=sq8|f32] [kind=hnsw|flat] [n=100000] [m=16] [efc=200]
//   [k=10]
//                            [ef=20,40,80] [rounds=3] [insert=<vectors per append>]
//
// The folder is as real_vectors.h says.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "index/vector_index.h"
#include "math/isa.h"
#include "real_vectors.h"

namespace {

using namespace corsac;
using namespace corsac::benchmark;

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
    for (std::size_t q = 0; q < set.size(); ++q)
      right += static_cast<double>(count_right(base, set, q, found[q]));
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
  const QuerySet sets[] = {read_queries(folder, "queries", base, settings.k),
                           read_queries(folder, "questions", base, settings.k)};
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

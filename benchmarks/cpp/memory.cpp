// What does a collection of vectors weigh under each codec, and what does that cost? Builds one
// graph after another and prints bytes per vector by part, resident memory, build time, recall@10
// and queries per second, natively or as wasm.
//
//   corsac_memory_benchmark [n=1000000] [dim=384] [ef=80] [queries=200] [codec=<name>]
//   corsac_memory_benchmark <folder> [n=100000] ...
//
// Without a folder the vectors are uniform and random, made by SipHash-1-3 (Aumasson & Bernstein,
// INDOCRYPT 2012) as element = hash(seed, row, column) mod 256 - 128, each row then of unit length:
// structureless, so the recall of any graph is low on them. The folder is that of real_vectors.h.
// Vectors are made or read a block at a time, so that the resident memory is that of the index.

#include <bit>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/top_k.h"
#include "index/vector_index.h"
#include "math/isa.h"
#include "real_vectors.h"

namespace {

using namespace corsac;
using namespace corsac::benchmark;
using index::CodecKind;
using index::RerankStore;

constexpr std::size_t kBlock = 10'000;

/// SipHash with one round per word and three at the end, of a zero key and three 64-bit words.
std::uint64_t sip_hash(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  std::uint64_t v[4] = {0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261,
                        0x7465646279746573};
  const auto round = [&] {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = std::rotl(v[1], 13) ^ v[0];
    v[3] = std::rotl(v[3], 16) ^ v[2];
    v[0] = std::rotl(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = std::rotl(v[1], 17) ^ v[2];
    v[3] = std::rotl(v[3], 21) ^ v[0];
    v[2] = std::rotl(v[2], 32);
  };
  for (const std::uint64_t word : {a, b, c, std::uint64_t{24} << 56}) {
    v[3] ^= word;
    round();
    v[0] ^= word;
  }
  v[2] ^= 0xFF;
  for (int i = 0; i < 3; ++i) round();
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct Settings {
  std::string folder;
  std::size_t n = 0, dimension = 384, ef = 80, queries = 200;
  std::string codec;
};

Settings read_settings(int count, char** arguments) {
  Settings out;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = argument.find('=');
    const std::string value(equals == argument.npos ? "" : argument.substr(equals + 1));
    const std::string_view key = argument.substr(0, equals);
    const std::size_t number = std::strtoul(value.c_str(), nullptr, 10);
    if (key == "n")
      out.n = number;
    else if (key == "dim")
      out.dimension = number;
    else if (key == "ef")
      out.ef = number;
    else if (key == "queries")
      out.queries = number;
    else if (key == "codec")
      out.codec = value;
    else if (equals == argument.npos)
      out.folder = argument;
    else
      fail("unknown argument " + std::string(argument));
  }
  if (out.n == 0) out.n = out.folder.empty() ? 1'000'000 : 100'000;
  return out;
}

std::vector<float> random_rows(std::uint64_t seed, std::size_t first, std::size_t count,
                               std::size_t dimension) {
  std::vector<float> out(count * dimension);
  for (std::size_t row = 0; row < count; ++row) {
    float* const values = out.data() + row * dimension;
    float squares = 0;
    for (std::size_t i = 0; i < dimension; ++i) {
      values[i] = static_cast<float>(static_cast<int>(sip_hash(seed, first + row, i) % 256) - 128);
      squares += values[i] * values[i];
    }
    for (std::size_t i = 0; i < dimension; ++i) values[i] /= std::sqrt(squares);
  }
  return out;
}

std::vector<float> real_rows(const std::string& path, std::size_t first, std::size_t count) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) fail("cannot open " + path);
  std::vector<std::uint16_t> halves(count * kDimension);
  std::fseek(file, static_cast<long>(first * kDimension * sizeof(std::uint16_t)), SEEK_SET);
  halves.resize(std::fread(halves.data(), sizeof(std::uint16_t), halves.size(), file));
  std::fclose(file);
  std::vector<float> out;
  out.reserve(halves.size());
  for (const std::uint16_t half : halves) out.push_back(from_half(half));
  return out;
}

/// Calls use(first, rows) with every block of the base.
void for_each_block(const Settings& settings,
                    const std::function<void(std::size_t, std::span<const float>)>& use) {
  for (std::size_t first = 0; first < settings.n; first += kBlock) {
    const std::size_t count = std::min(kBlock, settings.n - first);
    use(first, settings.folder.empty() ? random_rows(42, first, count, settings.dimension)
                                       : real_rows(settings.folder + "/base.f16", first, count));
  }
}

/// The true ten nearest of each query.
std::vector<std::vector<Hit>> nearest(const Settings& settings, std::span<const float> queries) {
  std::vector<TopK> best(queries.size() / settings.dimension, TopK(10));
  std::vector<std::uint32_t> all(kBlock);
  for (std::uint32_t i = 0; i < kBlock; ++i) all[i] = i;
  std::vector<float> scores(kBlock);
  for_each_block(settings, [&](std::size_t first, std::span<const float> rows) {
    const std::size_t count = rows.size() / settings.dimension;
    for (std::size_t q = 0; q < best.size(); ++q) {
      math::best_kernels().dot_f32(queries.data() + q * settings.dimension, rows.data(),
                                   settings.dimension, all.data(), count, scores.data());
      for (std::size_t i = 0; i < count; ++i)
        best[q].push({static_cast<Ordinal>(first + i), scores[i]});
    }
  });
  std::vector<std::vector<Hit>> out;
  for (TopK& each : best) out.push_back(each.take());
  return out;
}

/// Bytes of memory that the process holds.
double resident_bytes() {
#ifdef __EMSCRIPTEN__
  return static_cast<double>(__builtin_wasm_memory_size(0)) * 65'536;
#else
  unsigned long total = 0, resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * 4096;
#endif
}

struct Row {
  const char* name;
  CodecKind codec;
  RerankStore rerank;
  std::uint32_t bits;
  std::size_t least_ef;
};

constexpr Row kRows[] = {{"f32", CodecKind::F32, RerankStore::Plane, 1, 0},
                         {"sq8", CodecKind::Sq8, RerankStore::Plane, 1, 0},
                         {"sq4", CodecKind::Sq4, RerankStore::Sq8, 1, 0},
                         {"binary-2", CodecKind::Binary, RerankStore::Sq8, 2, 0},
                         {"binary", CodecKind::Binary, RerankStore::Sq8, 1, 200},
                         {"pq", CodecKind::Pq, RerankStore::Sq8, 8, 200}};

void measure(const Row& row, const Settings& settings, std::span<const float> queries,
             const std::vector<std::vector<Hit>>& truth) {
  auto created =
      index::create_index({.kind = index::Kind::Hnsw,
                           .codec = row.codec,
                           .dimension = static_cast<std::uint32_t>(settings.dimension),
                           .bits = row.bits,
                           .rerank = row.rerank,
                           .subvectors = static_cast<std::uint32_t>(settings.dimension / 8)});
  if (!created) fail(created.error().message);
  index::VectorIndex& index = **created;
  double seconds = 0;
  for_each_block(settings, [&](std::size_t, std::span<const float> rows) {
    const double begin = cpu_seconds();
    index.begin_append(rows);
    for (Budget budget{20'000}; !index.step(budget); budget = Budget{20'000}) {
    }
    seconds += cpu_seconds() - begin;
  });
  const std::size_t ef = std::max(settings.ef, row.least_ef);
  double right = 0;
  const double begin = cpu_seconds();
  for (std::size_t q = 0; q < truth.size(); ++q) {
    const auto found = index.search(
        {.vector = queries.subspan(q * settings.dimension, settings.dimension), .ef = ef});
    for (const Hit& hit : truth[q]) {
      right +=
          static_cast<double>(std::count(found->slots.begin(), found->slots.end(), hit.ordinal));
    }
  }
  const double searching = cpu_seconds() - begin, n = static_cast<double>(index.size());
  const index::IndexBytes bytes = index.bytes();
  const auto each = [n](std::uint64_t part) { return static_cast<double>(part) / n; };
  std::printf("%-9s %6.0f %6.0f %6.0f %8.0f MB %8.0f s %5zu %8.4f %8.0f\n", row.name,
              each(bytes.codes), each(bytes.rerank), each(bytes.graph), resident_bytes() / 1e6,
              seconds, ef, right / static_cast<double>(truth.size()) / 10,
              static_cast<double>(truth.size()) / searching);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  if (sip_hash(42, 0, 0) != 0xd1891883bb728850) fail("the generator is not the one it should be");
  const Settings settings = read_settings(count, arguments);
  std::vector<float> queries =
      settings.folder.empty() ? random_rows(123, 0, settings.queries, settings.dimension)
                              : real_rows(settings.folder + "/queries.f16", 0, settings.queries);
  std::printf("%s, %zu vectors of %zu dimensions, HNSW, m 16, efConstruction 200, one thread\n",
              std::string(math::name(math::best_isa())).c_str(), settings.n, settings.dimension);
  std::printf("%-9s %6s %6s %6s %11s %10s %5s %8s %8s\n", "codec", "code", "rerank", "graph",
              "resident", "build", "ef", "recall", "QPS");
  const std::vector<std::vector<Hit>> truth = nearest(settings, queries);
  for (const Row& row : kRows) {
    if (settings.codec.empty() || settings.codec == row.name)
      measure(row, settings, queries, truth);
  }
}

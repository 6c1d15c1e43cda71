// One engine among several that are compared: it does one round at a time when told, so that rounds
// of several programs, native and wasm, can take turns. scripts/bench-engine.mjs tells it.
//
//   corsac_rounds_benchmark <folder> <cache> [n]
//
// <cache> is a folder for built indexes, so that a later run need not build them. Prints
// "engine <name> <vectors per second, 0 when read from the cache>" for each engine and then
// "ready". Reads lines "run <engine> <queries|questions> <ef>" and answers each with
// "<recall@10> <processor time us> <median us> <codes scored>", per query.

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#ifdef CORSAC_HAS_HNSWLIB
#include "hnswlib_engine.h"
#endif
#include "index/vector_index.h"
#include "math/isa.h"
#include "real_vectors.h"
#include "support/sections.h"

namespace {

using namespace corsac;
using namespace corsac::benchmark;

constexpr std::size_t kTop = 10;

class Engine {
 public:
  virtual ~Engine() = default;
  /// Gives how many codes were scored, 0 when unknown.
  virtual std::uint64_t search(std::span<const float> query, std::size_t ef,
                               std::vector<Slot>& slots) = 0;
};

constexpr std::array kSections = {SectionId::Codes,   SectionId::CodePlanes, SectionId::CodeHeaders,
                                  SectionId::Graph,   SectionId::IndexMeta,  SectionId::RerankCodes,
                                  SectionId::Codebook};

/// What is compared: the default codec, and the same with half floats to rerank.
struct Variant {
  const char* name;
  index::IndexOptions options;
};
constexpr Variant kVariants[] = {
    {"sq8", {.kind = index::Kind::Hnsw, .codec = index::CodecKind::Sq8}},
    {"sq8-f16",
     {.kind = index::Kind::Hnsw,
      .codec = index::CodecKind::Sq8,
      .rerank = index::RerankStore::F16}},
};

bool read_sections(const std::string& path, test::MemorySections& sections) {
  std::ifstream file(path, std::ios::binary);
  for (const SectionId id : kSections) {
    std::uint64_t size = 0;
    file.read(reinterpret_cast<char*>(&size), sizeof size);
    if (!file) return false;
    sections.bytes(id).resize(static_cast<std::size_t>(size));
    file.read(reinterpret_cast<char*>(sections.bytes(id).data()),
              static_cast<std::streamsize>(size));
  }
  return bool(file);
}

void write_sections(const std::string& path, const test::MemorySections& sections) {
  std::ofstream file(path, std::ios::binary);
  for (const SectionId id : kSections) {
    const ByteView bytes = sections.section(id);
    const std::uint64_t size = bytes.size();
    file.write(reinterpret_cast<const char*>(&size), sizeof size);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(size));
  }
}

class Corsac final : public Engine {
 public:
  Corsac(const std::string& path, const index::IndexOptions& options, std::span<const float> base) {
    test::MemorySections sections;
    if (read_sections(path, sections)) {
      auto loaded = index::load_index(options, sections, base.size() / kDimension);
      if (!loaded) fail(loaded.error().message);
      index_ = *std::move(loaded);
      return;
    }
    index_ = *index::create_index(options);
    const double begin = cpu_seconds();
    for (; !base.empty(); base = base.subspan(std::min(base.size(), 1000 * kDimension))) {
      index_->begin_append(base.first(std::min(base.size(), 1000 * kDimension)));
      for (Budget budget{20'000}; !index_->step(budget); budget = Budget{20'000}) {
      }
    }
    rate = static_cast<double>(index_->size()) / (cpu_seconds() - begin);
    test::MemorySections saved;
    index_->save(saved);
    write_sections(path, saved);
  }

  std::uint64_t search(std::span<const float> query, std::size_t ef,
                       std::vector<Slot>& slots) override {
    Result<index::VectorResult> result = index_->search({.vector = query, .k = kTop, .ef = ef});
    slots.swap(result->slots);
    return result->examined;
  }

  double rate = 0;

 private:
  std::unique_ptr<index::VectorIndex> index_;
};

#ifdef CORSAC_HAS_HNSWLIB
class Hnswlib final : public Engine {
 public:
  Hnswlib(const std::string& path, std::span<const float> base) : engine_(path, base, kDimension) {}
  double rate() const { return engine_.build_rate(); }
  std::uint64_t search(std::span<const float> query, std::size_t ef,
                       std::vector<Slot>& slots) override {
    engine_.search(query, kTop, ef, slots);
    return 0;
  }

 private:
  HnswlibEngine engine_;
};
#endif

void run(Engine& engine, const QuerySet& set, std::span<const float> base, std::size_t ef) {
  std::vector<std::vector<Slot>> found(set.size());
  std::vector<double> times(set.size());
  double scored = 0;
  const double begin = cpu_seconds();
  for (std::size_t q = 0; q < set.size(); ++q) {
    const double start = now_us();
    scored += static_cast<double>(engine.search(set.query(q), ef, found[q]));
    times[q] = now_us() - start;
  }
  const double seconds = cpu_seconds() - begin;
  std::size_t right = 0;
  for (std::size_t q = 0; q < set.size(); ++q) right += count_right(base, set, q, found[q]);
  std::sort(times.begin(), times.end());
  const auto count = static_cast<double>(set.size());
  std::printf("%.4f %.2f %.2f %.0f\n", static_cast<double>(right) / count / kTop,
              seconds * 1e6 / count, times[times.size() / 2], scored / count);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) fail("usage: corsac_rounds_benchmark <folder> <cache> [n]");
  const std::string folder = arguments[1];
  const std::size_t n = count > 3 ? std::strtoul(arguments[3], nullptr, 10) : 100'000;
  const std::vector<float> base = read_vectors(folder + "/base.f16", n);
  const QuerySet sets[] = {read_queries(folder, "queries", base, kTop),
                           read_queries(folder, "questions", base, kTop)};
  const std::string cache = std::string(arguments[2]) + "/" + std::to_string(n);
  const std::string isa(math::name(math::best_isa()));

  std::vector<std::pair<std::string, std::unique_ptr<Engine>>> engines;
  for (const auto& [name, options] : kVariants) {
    auto own = std::make_unique<Corsac>(cache + ".corsac." + name + "-" + isa, options, base);
    std::printf("engine %s %.0f\n", name, own->rate);
    std::fflush(stdout);
    engines.emplace_back(name, std::move(own));
  }
#ifdef CORSAC_HAS_HNSWLIB
  auto peer = std::make_unique<Hnswlib>(cache + ".hnswlib", base);
  std::printf("engine hnswlib %.0f\n", peer->rate());
  engines.emplace_back("hnswlib", std::move(peer));
#endif
  std::printf("ready\n");
  std::fflush(stdout);

  char name[64], set[64];
  for (unsigned long ef; std::scanf(" run %63s %63s %lu", name, set, &ef) == 3;) {
    for (const auto& [known, engine] : engines) {
      if (known == name) run(*engine, sets[std::string(set) == "queries" ? 0 : 1], base, ef);
    }
  }
}

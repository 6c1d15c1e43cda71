// The core as one engine among its peers: builds an index over any vectors, then answers rounds.
// benchmarks/peers/engine-process.mjs has the protocol.
//
//   corsac_peer_benchmark <folder> <dimension> <m> <efConstruction>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "index/vector_index.h"
#include "math/isa.h"
#include "math/kernels.h"

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

namespace {

using namespace corsac;

constexpr std::size_t kTop = 10;
constexpr std::size_t kBatch = 1000;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

double cpu_seconds() {
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

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<float> read_rows(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) fail("cannot open " + path);
  std::fseek(file, 0, SEEK_END);
  std::vector<float> out(static_cast<std::size_t>(std::ftell(file)) / sizeof(float));
  std::fseek(file, 0, SEEK_SET);
  if (std::fread(out.data(), sizeof(float), out.size(), file) != out.size())
    fail("cannot read " + path);
  std::fclose(file);
  return out;
}

std::unique_ptr<index::VectorIndex> build(std::span<const float> base,
                                          const index::IndexOptions& options) {
  auto created = index::create_index(options);
  if (!created) fail(created.error().message);
  const std::size_t row = options.dimension;
  while (!base.empty()) {
    const std::size_t count = std::min(base.size(), kBatch * row);
    (*created)->begin_append(base.first(count));
    for (Budget budget{20'000}; !(*created)->step(budget); budget = Budget{20'000}) {
    }
    base = base.subspan(count);
  }
  return *std::move(created);
}

void answer(const index::VectorIndex& index, std::span<const float> queries, std::size_t ef,
            std::vector<std::int32_t>& ids) {
  const std::size_t row = index.options().dimension;
  for (std::size_t q = 0; q * row < queries.size(); ++q) {
    const auto found = index.search({.vector = queries.subspan(q * row, row), .k = kTop, .ef = ef});
    if (!found) fail(found.error().message);
    for (std::size_t i = 0; i < kTop && i < found->slots.size(); ++i)
      ids[q * kTop + i] = static_cast<std::int32_t>(found->slots[i]);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) fail("usage: corsac_peer_benchmark <folder> <dimension> <m> <efConstruction>");
  const std::string folder = arguments[1];
  const auto number = [&](int i) {
    return static_cast<std::uint32_t>(std::strtoul(arguments[i], nullptr, 10));
  };
  const index::IndexOptions options{.kind = index::Kind::Hnsw,
                                    .codec = index::CodecKind::Sq8,
                                    .dimension = number(2),
                                    .m = number(3),
                                    .ef_construction = number(4)};
  const std::vector<float> base = read_rows(folder + "/base.f32");
  double cpu = cpu_seconds(), wall = wall_seconds();
  const auto index = build(base, options);
  std::printf("ready {\"cpu\":%f,\"wall\":%f,\"about\":\"core, hnsw sq8, %s\"}\n",
              cpu_seconds() - cpu, wall_seconds() - wall,
              std::string(math::name(math::best_isa())).c_str());
  std::fflush(stdout);

  unsigned set, ef, wanted;
  char file[1024];
  while (std::scanf(" round %u %u %u %1023s", &set, &ef, &wanted, file) == 4) {
    std::vector<float> queries = read_rows(folder + "/set" + std::to_string(set) + ".f32");
    queries.resize(std::min<std::size_t>(queries.size(), wanted * options.dimension));
    std::vector<std::int32_t> ids(queries.size() / options.dimension * kTop, -1);
    cpu = cpu_seconds(), wall = wall_seconds();
    answer(*index, queries, ef, ids);
    cpu = cpu_seconds() - cpu, wall = wall_seconds() - wall;
    std::FILE* out = std::fopen(file, "wb");
    if (out == nullptr || std::fwrite(ids.data(), sizeof ids[0], ids.size(), out) != ids.size())
      fail(std::string("cannot write ") + file);
    std::fclose(out);
    std::printf("done {\"cpu\":%f,\"wall\":%f}\n", cpu, wall);
    std::fflush(stdout);
  }
}

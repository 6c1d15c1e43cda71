// How much of the truth does each code keep? For every codec the share of the true ten nearest
// among the best c by code distance (c = 10: no rescoring; more: the ceiling after an exact one),
// the bytes of a code and how fast vectors are encoded, over real sentence vectors.
//
//   corsac_codecs_benchmark <folder> [n=100000] [queries=300]
//
// The folder is that of real_vectors.h.

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "index/vector_index.h"
#include "math/isa.h"
#include "real_vectors.h"

namespace {

using namespace corsac;
using namespace corsac::benchmark;

constexpr std::size_t kDepths[] = {10, 20, 40, 100, 200};
constexpr std::size_t kAppend = 5000;

struct Code {
  const char* name;
  index::IndexOptions options;
};

std::vector<Code> codes() {
  using index::CodecKind;
  using index::RerankStore;
  const auto flat = [](CodecKind codec, std::uint32_t bits = 1) {
    return index::IndexOptions{
        .codec = codec, .dimension = kDimension, .bits = bits, .rerank = RerankStore::None};
  };
  std::vector<Code> out = {{"f32", flat(CodecKind::F32)},
                           {"sq8, seven bits", flat(CodecKind::Sq8)},
                           {"sq4", flat(CodecKind::Sq4)},
                           {"binary, 2 bits", flat(CodecKind::Binary, 2)},
                           {"binary, 1 bit", flat(CodecKind::Binary)},
                           {"pq 48 x 256", flat(CodecKind::Pq, 8)},
                           {"pq 96 x 16", flat(CodecKind::Pq, 4)}};
  for (Code& code : out) {
    if (code.options.codec == CodecKind::Pq) code.options.subvectors = 384 / code.options.bits;
  }
  return out;
}

void print_recall(const index::VectorIndex& index, const QuerySet& set, std::size_t queries,
                  std::span<const float> base) {
  double right[std::size(kDepths)] = {};
  for (std::size_t q = 0; q < queries; ++q) {
    const auto result =
        index.search({.vector = set.query(q), .k = kDepths[std::size(kDepths) - 1]});
    for (std::size_t d = 0; d < std::size(kDepths); ++d) {
      const std::span<const Slot> best =
          std::span(result->slots).first(std::min(kDepths[d], result->slots.size()));
      right[d] += static_cast<double>(std::min<std::size_t>(count_right(base, set, q, best), 10));
    }
  }
  for (const double found : right) std::printf(" %6.4f", found / static_cast<double>(queries) / 10);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) fail("usage: corsac_codecs_benchmark <folder> [n=100000] [queries=300]");
  std::size_t n = 100'000, queries = 300;
  for (int i = 2; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument.starts_with("n=")) n = std::strtoul(arguments[i] + 2, nullptr, 10);
    if (argument.starts_with("queries=")) queries = std::strtoul(arguments[i] + 8, nullptr, 10);
  }
  const std::string folder = arguments[1];
  const std::vector<float> base = read_vectors(folder + "/base.f16", n);
  const QuerySet sets[] = {read_queries(folder, "queries", base, 10),
                           read_queries(folder, "questions", base, 10)};
  std::printf("%s, %zu vectors of %zu dimensions; the true 10 among the best c by code distance\n",
              std::string(math::name(math::best_isa())).c_str(), base.size() / kDimension,
              kDimension);
  std::printf("%-16s %6s %9s | %-34s | %-34s\n%-16s %6s %9s |", "", "bytes", "encoded", "queries",
              "questions", "", "", "a second");
  for (int set = 0; set < 2; ++set) {
    for (const std::size_t depth : kDepths) std::printf(" %6zu", depth);
    std::printf(set == 0 ? " |" : "\n");
  }
  for (const Code& code : codes()) {
    auto created = index::create_index(code.options);
    if (!created) fail(created.error().message);
    index::VectorIndex& index = **created;
    const double begin = cpu_seconds();
    for (std::size_t at = 0; at < base.size(); at += kAppend * kDimension) {
      index.begin_append(
          std::span(base).subspan(at, std::min(kAppend * kDimension, base.size() - at)));
      Budget budget;
      index.step(budget);
    }
    const double seconds = cpu_seconds() - begin;
    const double vectors = static_cast<double>(index.size());
    std::printf("%-16s %6.0f %9.0f |", code.name,
                static_cast<double>(index.bytes().codes) / vectors, vectors / seconds);
    for (const QuerySet& set : sets) {
      print_recall(index, set, std::min(queries, set.size()), base);
      std::printf(&set == sets ? " |" : "\n");
      std::fflush(stdout);
    }
  }
}

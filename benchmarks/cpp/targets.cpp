// Does `target: { recall }` keep its promise? Fills collections with real vectors, calibrates them
// on themselves, and prints for each target the width it chose and the recall that queries of the
// same kind and of another kind then reach; then the same after a calibration on a sample of their
// kind.
//
//   corsac_targets_benchmark <data folder> [n=100000]
//
// Sets: WordNet glosses (queries A of their kind, questions B of another), SQuAD questions (a tenth
// kept back; WordNet glosses as the other kind), product documentation (a tenth kept back; SQuAD
// questions as the other kind).

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "collection/calibrator.h"
#include "real_vectors.h"

namespace {

using namespace corsac;
using namespace corsac::benchmark;
using namespace corsac::collection;

struct Queries {
  std::string name;
  std::vector<float> vectors;
  std::size_t size() const { return vectors.size() / kDimension; }
};

std::vector<float> read_floats(const std::string& path, std::size_t header) {
  const std::vector<std::uint8_t> bytes = read_all<std::uint8_t>(path);
  std::vector<float> out((bytes.size() - header) / sizeof(float));
  std::memcpy(out.data(), bytes.data() + header, out.size() * sizeof(float));
  return out;
}

/// Takes every tenth vector out of `base`.
std::vector<float> keep_back(std::vector<float>& base) {
  std::vector<float> kept, out;
  for (std::size_t i = 0; i < base.size() / kDimension; ++i) {
    std::vector<float>& to = i % 10 == 3 ? out : kept;
    to.insert(to.end(), base.begin() + static_cast<std::ptrdiff_t>(i * kDimension),
              base.begin() + static_cast<std::ptrdiff_t>((i + 1) * kDimension));
  }
  base.swap(kept);
  return out;
}

std::vector<float> half_of(const std::vector<float>& vectors, std::size_t which) {
  std::vector<float> out;
  for (std::size_t i = which; i < vectors.size() / kDimension; i += 2) {
    out.insert(out.end(), vectors.begin() + static_cast<std::ptrdiff_t>(i * kDimension),
               vectors.begin() + static_cast<std::ptrdiff_t>((i + 1) * kDimension));
  }
  return out;
}

Form filled(std::span<const float> base) {
  CollectionOptions options;
  options.dimension = kDimension;
  options.has_text = options.auto_index = false;
  options.index = {.kind = index::Kind::Hnsw, .codec = index::CodecKind::Sq8};
  Form form = *Form::create(options);
  form.index->begin_append(base);
  for (Budget budget; !form.index->step(budget);) {
  }
  return form;
}

void calibrate(Form& form, const std::vector<float>& sample) {
  Calibrator calibrator(form, sample);
  const double begin = cpu_seconds();
  for (Budget budget; !calibrator.step(form, budget);) {
  }
  form.calibration.set(calibrator.kind(), calibrator.curve(form));
  std::printf("  measured %.0f queries in %.2f s\n", calibrator.total(), cpu_seconds() - begin);
}

/// The true score of every query's tenth, by a scan of the floats.
std::vector<float> tenths_of(std::span<const float> base, const Queries& queries) {
  const std::size_t n = base.size() / kDimension;
  std::vector<std::uint32_t> all(n);
  for (std::uint32_t i = 0; i < n; ++i) all[i] = i;
  std::vector<float> scores(n), tenths;
  for (std::size_t q = 0; q < queries.size(); ++q) {
    math::best_kernels().dot_f32(queries.vectors.data() + q * kDimension, base.data(), kDimension,
                                 all.data(), n, scores.data());
    std::nth_element(scores.begin(), scores.begin() + 9, scores.end(), std::greater<>());
    tenths.push_back(scores[9]);
  }
  return tenths;
}

double recall_of(const Form& form, std::span<const float> base, const Queries& queries,
                 std::span<const float> tenths, std::size_t ef) {
  std::size_t right = 0;
  for (std::size_t q = 0; q < queries.size(); ++q) {
    const auto query = std::span(queries.vectors).subspan(q * kDimension, kDimension);
    const auto result = form.index->search({.vector = query, .k = 10, .ef = ef});
    for (const Slot slot : result->slots)
      right += true_score(base, query, slot) >= tenths[q] - 1e-6f;
  }
  return static_cast<double>(right) / static_cast<double>(queries.size()) / 10;
}

void print_line(const Form& form, std::span<const float> base, const Queries& queries,
                const char* how) {
  std::printf("  %-28s %-14s", queries.name.c_str(), how);
  const std::vector<float> tenths = tenths_of(base, queries);
  for (const double target : {.90, .95, .99}) {
    const std::uint32_t ef = form.calibration.ef_for(target, 10);
    std::printf("   %.2f: ef %4u %.4f", target, ef, recall_of(form, base, queries, tenths, ef));
  }
  std::printf("\n");
  std::fflush(stdout);
}

void run(const char* name, std::span<const float> base, const Queries& same, const Queries& other) {
  std::printf("%s, %zu vectors\n", name, base.size() / kDimension);
  Form form = filled(base);
  calibrate(form, {});
  print_line(form, base, same, "own vectors");
  print_line(form, base, other, "own vectors");
  for (const Queries* queries : {&same, &other}) {
    calibrate(form, half_of(queries->vectors, 0));
    print_line(form, base, {queries->name + ", other half", half_of(queries->vectors, 1)},
               "sample");
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) fail("usage: corsac_targets_benchmark <data folder> [n]");
  const std::string data = arguments[1];
  const std::string glosses = data + "/minilm-wordnet-100k/";
  const Queries questions{"questions", read_vectors(glosses + "questions.f16", 1 << 20)};
  const Queries gloss_queries{"glosses", read_vectors(glosses + "queries.f16", 1 << 20)};

  std::vector<float> squad =
      read_floats(data + "/squad-questions-minilm-2000/corpus_embeddings.npy", 128);
  const Queries squad_queries{"SQuAD questions", keep_back(squad)};
  run("SQuAD questions", squad, squad_queries, gloss_queries);

  std::vector<float> docs = read_floats(data + "/cap-docs-minilm-2683x384/code-chunks.bin", 0);
  const Queries docs_queries{"documentation", keep_back(docs)};
  run("documentation", docs, docs_queries, questions);

  const std::vector<float> base = read_vectors(
      glosses + "base.f16", count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 100'000);
  run("WordNet glosses", base, gloss_queries, questions);
}

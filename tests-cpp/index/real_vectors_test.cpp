// Recall on real sentence vectors with the default options. They lie beside the repository and are
// not part of it; generated vectors carry the same promises in hnsw_test.cpp.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "index/oracle.h"
#include "math/half.h"
#include "support/shared_data.h"

namespace corsac::index {
namespace {

constexpr std::uint32_t kDimension = 384;

/// The f32 values of a file from byte `header` on; empty when there is no such file.
std::vector<float> read_floats(const std::string& path, long header) {
  std::vector<float> out;
  if (std::FILE* file = std::fopen((test::shared_data().string() + path).c_str(), "rb")) {
    std::fseek(file, 0, SEEK_END);
    out.resize(static_cast<std::size_t>(std::ftell(file) - header) / sizeof(float));
    std::fseek(file, header, SEEK_SET);
    out.resize(std::fread(out.data(), sizeof(float), out.size(), file));
    std::fclose(file);
  }
  return out;
}

/// Some of the 100,000 sentences, which are stored as halves.
std::vector<float> read_halves(const std::string& path, std::size_t count) {
  std::vector<float> out;
  if (std::FILE* file = std::fopen((test::shared_data().string() + path).c_str(), "rb")) {
    std::vector<std::uint16_t> halves(count * kDimension);
    halves.resize(std::fread(halves.data(), sizeof(std::uint16_t), halves.size(), file));
    std::fclose(file);
    for (const std::uint16_t half : halves) out.push_back(math::from_half(half));
  }
  return out;
}

void expect_recall(std::span<const float> vectors) {
  // Every 16th vector is a query and not in the index.
  std::vector<float> base, queries;
  for (std::size_t i = 0; i * kDimension < vectors.size(); ++i) {
    std::vector<float>& part = i % 16 == 5 ? queries : base;
    const auto row = test::row_of(vectors, i, kDimension);
    part.insert(part.end(), row.begin(), row.end());
  }
  const auto oracle = make_index({.dimension = kDimension}, base);
  for (const CodecKind codec : {CodecKind::F32, CodecKind::Sq8}) {
    const auto index =
        make_index({.kind = Kind::Hnsw, .codec = codec, .dimension = kDimension}, base);
    ASSERT_EQ(index->search({.vector = test::row_of(queries, 0, kDimension)})->path, Path::Graph);
    const double found = recall(*index, *oracle, queries);
    std::printf("  %s: recall@10 %.4f of %zu vectors\n", codec == CodecKind::F32 ? "f32" : "sq8",
                found, base.size() / kDimension);
    EXPECT_GE(found, 0.98);
  }
}

TEST(RealVectors, ProductDocumentationKeepsItsNeighbours) {
  const auto vectors = read_floats("/cap-docs-minilm-2683x384/code-chunks.bin", 0);
  if (vectors.empty()) GTEST_SKIP() << "no real vectors beside the repository";
  expect_recall(vectors);
}

TEST(RealVectors, QuestionsKeepTheirNeighbours) {
  const auto vectors = read_floats("/squad-questions-minilm-2000/corpus_embeddings.npy", 128);
  if (vectors.empty()) GTEST_SKIP() << "no real vectors beside the repository";
  expect_recall(vectors);
}

TEST(RealVectors, ProductQuantisedSentencesKeepTheirNeighboursAmongTheCandidates) {
  const auto base = read_halves("/minilm-wordnet-100k/base.f16", 4000);
  const auto queries = read_halves("/minilm-wordnet-100k/queries.f16", 60);
  if (base.empty() || queries.empty()) GTEST_SKIP() << "no real vectors beside the repository";
  const auto oracle = make_index({.dimension = kDimension}, base);
  for (const std::uint32_t bits : {4u, 8u}) {
    IndexOptions options{.codec = CodecKind::Pq,
                         .dimension = kDimension,
                         .bits = bits,
                         .rerank = RerankStore::None,
                         .subvectors = 384 / bits,
                         .iterations = 6};
    const auto alone = make_index(options, base);
    options.rerank = RerankStore::Sq8;
    const auto rescored = make_index(options, base);
    const double coarse = recall(*alone, *oracle, queries),
                 fine = recall(*rescored, *oracle, queries);
    std::printf("  %u bits: recall@10 %.3f, rescored %.3f\n", bits, coarse, fine);
    EXPECT_GE(coarse, 0.5);
    EXPECT_GE(fine, 0.97);
  }
}

}  // namespace
}  // namespace corsac::index

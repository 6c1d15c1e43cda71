#include "index/check_query.h"

#include <cassert>
#include <string>

namespace corsac::index {
namespace {

Status in_range(const char* option, std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  if (value >= low && value <= high) return Done{};
  return Error{ErrorCode::InvalidArgument, std::string(option) + " is " + std::to_string(value) +
                                               ", expected " + std::to_string(low) + " to " +
                                               std::to_string(high)};
}

Status check_rerank(const IndexOptions& options) {
  const RerankStore store = options.rerank;
  const bool fits = store == RerankStore::None ||
                    (store == RerankStore::Plane
                         ? options.codec <= CodecKind::Sq8
                         : options.codec > CodecKind::Sq8 ||
                               (options.codec == CodecKind::Sq8 && store != RerankStore::Sq8));
  // Codes that change when they are learnt cannot make links.
  const bool links = options.kind == Kind::Flat || options.codec != CodecKind::Pq ||
                     (store != RerankStore::None && store != RerankStore::Originals);
  if (!links) return Error{ErrorCode::InvalidArgument, "pq in a graph needs a rerank store"};
  if (fits && store <= RerankStore::Originals) return Done{};
  return Error{ErrorCode::InvalidArgument, "rerank is " + std::to_string(static_cast<int>(store)) +
                                               ", which rescores nothing of codec " +
                                               std::to_string(static_cast<int>(options.codec))};
}

}  // namespace

Status check_options(const IndexOptions& options) {
  const bool is_pq = options.codec == CodecKind::Pq;
  const Status checks[] = {
      in_range("kind", static_cast<std::uint64_t>(options.kind), 0, 1),
      in_range("codec", static_cast<std::uint64_t>(options.codec), 0, 4),
      in_range("dimension", options.dimension, 1, kMaxDimension),
      in_range("bits", options.codec == CodecKind::Binary ? options.bits : 1, 1, 2),
      in_range("bits", is_pq && options.bits != 4 ? options.bits : 8, 8, 8),
      in_range("subvectors", is_pq ? options.subvectors : 1, 1, options.dimension),
      in_range("iterations", options.iterations, 1, 1000),
      in_range("samples", options.samples, 256, 1'000'000),
      in_range("candidates", options.candidates, 0, kMaxEf),
      in_range("metric", static_cast<std::uint64_t>(options.metric), 0, 2),
      in_range("m", options.m, 4, 64),
      in_range("efConstruction", options.ef_construction, options.m, 4096),
      in_range("efSearch", options.ef_search, 1, kMaxEf),
  };
  for (const Status& check : checks) {
    if (!check) return check;
  }
  return check_rerank(options);
}

Status check_query(const IndexOptions& options, std::size_t size, const VectorQuery& query) {
  assert(query.allowed == nullptr || query.allowed->size() == size);
  assert(query.ordinals.empty() || query.ordinals.size() >= size);
  (void)size;
  if (query.vector.size() != options.dimension) {
    return Error{ErrorCode::DimensionMismatch, "expected " + std::to_string(options.dimension) +
                                                   " dimensions, got " +
                                                   std::to_string(query.vector.size())};
  }
  if (Status k = in_range("k", query.k, 1, kMaxK); !k) return k;
  return in_range("ef", query.ef, 0, kMaxEf);
}

void restart_sections(SectionSink& sink) {
  for (const SectionId id :
       {SectionId::Codes, SectionId::CodePlanes, SectionId::CodeHeaders, SectionId::Graph,
        SectionId::IndexMeta, SectionId::RerankCodes, SectionId::Codebook}) {
    sink.restart(id);
  }
}

}  // namespace corsac::index

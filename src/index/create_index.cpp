// Which class is an index of these options? The only place that names them all.

#include "codec/f16_codes.h"
#include "codec/f32_codes.h"
#include "codec/pq_codes.h"
#include "codec/rabitq_codes.h"
#include "codec/reranked_codes.h"
#include "codec/sq8_codes.h"
#include "index/check_query.h"
#include "index/flat.h"
#include "index/hnsw.h"
#include "index/vector_index.h"

namespace corsac::index {
namespace {

std::unique_ptr<codec::Codec> create_codes(const IndexOptions& options) {
  const auto rotated = [&](unsigned bits) {
    return std::make_unique<codec::RabitqCodes>(options.metric, options.dimension, bits,
                                                options.seed);
  };
  switch (options.codec) {
    case CodecKind::F32:
      return std::make_unique<codec::F32Codes>(options.metric, options.dimension);
    case CodecKind::Sq8:
      return std::make_unique<codec::Sq8Codes>(options.metric, options.dimension);
    case CodecKind::Sq4: return rotated(4);
    case CodecKind::Pq:
      return std::make_unique<codec::PqCodes>(
          options.metric, options.dimension,
          codec::PqShape{options.subvectors, options.bits, options.iterations, options.samples},
          options.seed);
    case CodecKind::Binary: break;
  }
  return rotated(options.bits);
}

/// What rescores the candidates; null when the codes do it themselves or nothing does.
std::unique_ptr<codec::Codec> create_store(const IndexOptions& options) {
  const math::Kernels& kernels = math::best_kernels();
  constexpr SectionId kSection = SectionId::RerankCodes;
  switch (options.rerank) {
    case RerankStore::None:
    case RerankStore::Originals:
    case RerankStore::Plane: break;
    case RerankStore::Sq8:
      return std::make_unique<codec::Sq8Codes>(options.metric, options.dimension, kernels,
                                               kSection);
    case RerankStore::F16:
      return std::make_unique<codec::F16Codes>(options.metric, options.dimension, kSection);
    case RerankStore::F32:
      return std::make_unique<codec::F32Codes>(options.metric, options.dimension, kernels,
                                               kSection);
  }
  return nullptr;
}

std::unique_ptr<codec::Codec> create_codec(const IndexOptions& options) {
  std::unique_ptr<codec::Codec> codes = create_codes(options), store = create_store(options);
  if (store == nullptr) return codes;
  return std::make_unique<codec::RerankedCodes>(std::move(codes), std::move(store));
}

/// Loads `index` from `source` unless that is null.
template <class Index>
Result<std::unique_ptr<VectorIndex>> filled(std::unique_ptr<Index> index,
                                            const SectionSource* source, std::size_t vectors) {
  if (source != nullptr) {
    if (Status loaded = index->load(*source, vectors); !loaded) return loaded.error();
  }
  return std::unique_ptr<VectorIndex>(std::move(index));
}

Result<std::unique_ptr<VectorIndex>> make(const IndexOptions& options, const SectionSource* source,
                                          std::size_t vectors) {
  if (Status checked = check_options(options); !checked) return checked.error();
  std::unique_ptr<codec::Codec> codes = create_codec(options);
  if (options.kind == Kind::Flat)
    return filled(std::make_unique<Flat>(options, std::move(codes)), source, vectors);
  return filled(std::make_unique<Hnsw>(options, std::move(codes)), source, vectors);
}

}  // namespace

Result<std::unique_ptr<VectorIndex>> create_index(const IndexOptions& options) {
  return make(options, nullptr, 0);
}

Result<std::unique_ptr<VectorIndex>> load_index(const IndexOptions& options,
                                                const SectionSource& source, std::size_t vectors) {
  return make(options, &source, vectors);
}

}  // namespace corsac::index

// Which class is an index of these options? The only place that names them all.

#include "codec/f32_codes.h"
#include "codec/sq8_codes.h"
#include "index/check_query.h"
#include "index/flat.h"
#include "index/hnsw.h"
#include "index/vector_index.h"

namespace corsac::index {
namespace {

std::unique_ptr<codec::Codec> create_codec(const IndexOptions& options) {
  if (options.codec == CodecKind::F32)
    return std::make_unique<codec::F32Codes>(options.metric, options.dimension);
  return std::make_unique<codec::Sq8Codes>(options.metric, options.dimension);
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

// Which class is an index of these options? The only place that names them all.

#include "codec/f32_codes.h"
#include "codec/sq8_codes.h"
#include "index/check_query.h"
#include "index/flat.h"
#include "index/hnsw.h"
#include "index/vector_index.h"

namespace corsac::index {
namespace {

/// Calls make(index) with an empty index of the class that the options name. Fails as make does.
template <class Make>
Result<std::unique_ptr<VectorIndex>> with_index(const IndexOptions& options, Make make) {
  const auto with_codes = [&](auto codes) {
    using Codes = decltype(codes);
    if (options.kind == Kind::Flat)
      return make(std::make_unique<Flat<Codes>>(options, std::move(codes)));
    return make(std::make_unique<Hnsw<Codes>>(options, std::move(codes)));
  };
  if (options.codec == CodecKind::F32)
    return with_codes(codec::F32Codes(options.metric, options.dimension));
  return with_codes(codec::Sq8Codes(options.metric, options.dimension));
}

}  // namespace

Result<std::unique_ptr<VectorIndex>> create_index(const IndexOptions& options) {
  if (Status checked = check_options(options); !checked) return checked.error();
  return with_index(options, [](auto index) -> Result<std::unique_ptr<VectorIndex>> {
    return std::unique_ptr<VectorIndex>(std::move(index));
  });
}

Result<std::unique_ptr<VectorIndex>> load_index(const IndexOptions& options,
                                                const SectionSource& source, std::size_t vectors) {
  if (Status checked = check_options(options); !checked) return checked.error();
  return with_index(options, [&](auto index) -> Result<std::unique_ptr<VectorIndex>> {
    if (Status loaded = index->load(source, vectors); !loaded) return loaded.error();
    return std::unique_ptr<VectorIndex>(std::move(index));
  });
}

}  // namespace corsac::index

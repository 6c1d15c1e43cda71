// Which class is an index of these options? The only place that names them all.

#include "codec/f32_codes.h"
#include "index/check_query.h"
#include "index/flat.h"
#include "index/vector_index.h"

namespace corsac::index {
namespace {

/// Calls make(codes) with the empty codec that the options name.
template <class Make>
auto with_codec(const IndexOptions& options, Make make) {
  return make(codec::F32Codes(options.metric, options.dimension));
}

}  // namespace

Result<std::unique_ptr<VectorIndex>> create_index(const IndexOptions& options) {
  if (Status checked = check_options(options); !checked) return checked.error();
  return with_codec(options, [&](auto codes) -> Result<std::unique_ptr<VectorIndex>> {
    return std::unique_ptr<VectorIndex>(std::make_unique<Flat<decltype(codes)>>(options, std::move(codes)));
  });
}

Result<std::unique_ptr<VectorIndex>> load_index(const IndexOptions& options, const SectionSource& source,
                                                std::size_t vectors) {
  if (Status checked = check_options(options); !checked) return checked.error();
  return with_codec(options, [&](auto codes) -> Result<std::unique_ptr<VectorIndex>> {
    auto index = std::make_unique<Flat<decltype(codes)>>(options, std::move(codes));
    if (Status loaded = index->load(source, vectors); !loaded) return loaded.error();
    return std::unique_ptr<VectorIndex>(std::move(index));
  });
}

}  // namespace corsac::index

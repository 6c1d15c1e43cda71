#include "collection/rebuild.h"

#include <algorithm>
#include <string>

#include "collection/option_names.h"
#include "collection/validate.h"

namespace corsac::collection {
namespace {

/// Bits of a dimension that the finest code of a vector keeps.
double fineness(const index::IndexOptions& options) {
  using index::CodecKind;
  using index::RerankStore;
  double codes = 32, store = 0;
  switch (options.codec) {
    case CodecKind::F32: return codes;
    case CodecKind::Sq8: codes = 8; break;
    case CodecKind::Sq4: codes = 4; break;
    case CodecKind::Binary: codes = options.bits; break;
    case CodecKind::Pq:
      codes = static_cast<double>(options.bits * options.subvectors) / options.dimension;
      break;
  }
  if (options.rerank == RerankStore::Sq8) store = 8;
  if (options.rerank == RerankStore::F16) store = 16;
  if (options.rerank == RerankStore::F32) store = 32;
  return std::max(codes, store);
}

Error refused(std::string message) { return {ErrorCode::InvalidArgument, std::move(message)}; }

}  // namespace

Result<CollectionOptions> rebuilt_options(const Form& form, std::string_view json,
                                          std::span<const float> sample) {
  if (Status checked = validate_sample(form, sample); !checked) return checked.error();
  const Result<CollectionOptions> asked = parse_options(json);
  if (!asked) return asked.error();
  if (!asked->has_index) return refused("index must be an object, got false");
  CollectionOptions out = form.options;
  out.auto_index = asked->auto_index;
  out.index = asked->index;
  out.index.dimension = out.dimension;
  out.index.metric = out.metric;
  if (const auto created = index::create_index(out.index); !created) return created.error();
  const std::string codec(option_name(out.index.codec));
  if (!sample.empty() && out.index.codec != index::CodecKind::Pq)
    return refused("the codec \"" + codec + "\" learns nothing: there is nothing to train");
  if (out.originals == Originals::None && fineness(out.index) > fineness(form.options.index)) {
    return refused("the codec \"" + codec + "\" with its rerank store is finer than what the " +
                   "collection has of its vectors: \"" +
                   std::string(option_name(form.options.index.codec)) + "\", without originals");
  }
  return out;
}

}  // namespace corsac::collection

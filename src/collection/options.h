// What a collection was made with: stored in the catalog as JSON, compared when it is opened again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/types.h"
#include "compress/codec.h"
#include "index/vector_index.h"
#include "text/text_index.h"

namespace corsac::collection {

enum class Originals : std::uint8_t { F32 = 0, None = 1, F16 = 2 };

/// Live vectors above which `kind: 'auto'` scans sq8 codes instead of f32, and above which it is a
/// graph: there a scan of 384 dimensions takes about half a millisecond in wasm
/// (`npm run bench:auto`).
inline constexpr std::uint32_t kAutoQuantised = 5'000;
inline constexpr std::uint32_t kAutoGraph = 10'000;

struct CollectionOptions {
  std::uint32_t dimension = 0;  ///< 0: no vectors
  Metric metric = Metric::Cosine;
  bool has_index = true;      ///< false: vectors are not taken (`index: false` or dimension 0)
  bool auto_index = true;     ///< `kind: 'auto'`: `index` is what the collection has today
  index::IndexOptions index;  ///< dimension and metric repeat the ones above
  bool has_text = true;
  text::TextOptions text;
  Originals originals = Originals::F32;
  std::string embedder;        ///< fingerprint of the embedder, empty without one
  float hybrid_weight = 0.5f;  ///< weight of the vector leg under dbsf, from the embedder
  compress::Codec document_codec = compress::Codec::Lz4;
};

/// Reads the JSON that js/core/options.ts writes (the field names above in camelCase; index: false
/// | { kind, codec, rerank, m, efConstruction, efSearch, build, seed }, text: false | { language,
/// analyzer, stopWords, foldAccents, k1, b }). Unknown fields are refused. Fails with:
/// InvalidArgument naming the field, the value and the range.
Result<CollectionOptions> parse_options(std::string_view json);
/// Canonical JSON with every field: parse(write(o)) equals o.
std::string write_options(const CollectionOptions& options);
/// The first field whose meaning differs, as a sentence with both values; nothing when they agree.
std::optional<std::string> difference(const CollectionOptions& stored,
                                      const CollectionOptions& asked);

}  // namespace corsac::collection

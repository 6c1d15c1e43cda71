// How options are spelled in JSON and in error messages: one name per value, for ever.
#pragma once

#include <string_view>

#include "base/json.h"
#include "collection/options.h"

namespace corsac::collection {

constexpr std::string_view option_name(Metric metric) noexcept {
  switch (metric) {
    case Metric::Cosine: return "cosine";
    case Metric::Dot: return "dot";
    case Metric::L2: return "l2";
  }
  return "";
}

constexpr std::string_view option_name(index::Kind kind) noexcept {
  return kind == index::Kind::Flat ? "flat" : "hnsw";
}

constexpr std::string_view option_name(index::CodecKind codec) noexcept {
  switch (codec) {
    case index::CodecKind::F32: return "f32";
    case index::CodecKind::Sq8: return "sq8";
    case index::CodecKind::Sq4: return "sq4";
    case index::CodecKind::Binary: return "binary";
    case index::CodecKind::Pq: return "pq";
  }
  return "";
}

constexpr std::string_view option_name(index::RerankStore store) noexcept {
  switch (store) {
    case index::RerankStore::None: return "none";
    case index::RerankStore::Plane: return "plane";
    case index::RerankStore::Sq8: return "sq8";
    case index::RerankStore::F16: return "f16";
    case index::RerankStore::F32: return "f32";
    case index::RerankStore::Originals: return "originals";
  }
  return "";
}

constexpr std::string_view option_name(index::Build build) noexcept {
  return build == index::Build::Parallel ? "parallel" : "sequential";
}

constexpr std::string_view option_name(text::Analyzer analyzer) noexcept {
  return analyzer == text::Analyzer::Standard ? "standard" : "simple";
}

constexpr std::string_view option_name(Originals originals) noexcept {
  return originals == Originals::F32 ? "f32" : originals == Originals::F16 ? "f16" : "none";
}

inline std::string_view option_name(compress::Codec codec) noexcept {
  return compress::name(codec);
}

/// The shortest decimal that reads back as the same float: 1.2, not 1.2000000476837158.
Json float_json(float value);

}  // namespace corsac::collection

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
  return codec == index::CodecKind::F32 ? "f32" : "sq8";
}

constexpr std::string_view option_name(index::Build build) noexcept {
  return build == index::Build::Parallel ? "parallel" : "sequential";
}

constexpr std::string_view option_name(text::Analyzer analyzer) noexcept {
  return analyzer == text::Analyzer::Standard ? "standard" : "simple";
}

constexpr std::string_view option_name(Originals originals) noexcept {
  return originals == Originals::F32 ? "f32" : "none";
}

inline std::string_view option_name(compress::Codec codec) noexcept {
  return compress::name(codec);
}

/// The shortest decimal that reads back as the same float: 1.2, not 1.2000000476837158.
Json float_json(float value);

}  // namespace corsac::collection

// Options as JSON: read strictly (an unknown field, a wrong type or a value out of range is an
// error that names it), written canonically (every field, in one order).
#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "base/json.h"
#include "collection/option_names.h"
#include "collection/options.h"

namespace corsac::collection {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

/// The fields of one object, each asked for by name; what nobody asked for is refused at the end.
/// The first problem is kept and everything after it reads as absent.
class Fields {
 public:
  Fields(const Json& object, std::string_view path) : object_(object), path_(path) {}

  const Json* take(std::string_view key) {
    asked_.push_back(key);
    return error_ ? nullptr : object_.find(key);
  }
  void fail(std::string_view key, const Json& value, std::string_view accepted) {
    if (error_) return;
    error_ = Error{ErrorCode::InvalidArgument, name_of(key) + " must be " + std::string(accepted) +
                                                   ", got " + write_json(value)};
  }

  void integer(std::string_view key, double low, double high, auto& out) {
    const Json* value = take(key);
    if (value == nullptr) return;
    const bool good = value->is(Json::Type::Number) && value->as_number() >= low &&
                      value->as_number() <= high &&
                      value->as_number() == std::floor(value->as_number());
    if (!good) return fail(key, *value, "an integer from " + shown(low) + " to " + shown(high));
    out = static_cast<std::remove_reference_t<decltype(out)>>(value->as_number());
  }
  void real(std::string_view key, double low, double high, float& out) {
    const Json* value = take(key);
    if (value == nullptr) return;
    const bool good =
        value->is(Json::Type::Number) && value->as_number() >= low && value->as_number() <= high;
    if (!good) return fail(key, *value, "a number from " + shown(low) + " to " + shown(high));
    out = static_cast<float>(value->as_number());
  }
  void boolean(std::string_view key, bool& out) {
    const Json* value = take(key);
    if (value == nullptr) return;
    if (!value->is(Json::Type::Boolean)) return fail(key, *value, "true or false");
    out = value->as_boolean();
  }
  void text(std::string_view key, std::string& out) {
    const Json* value = take(key);
    if (value == nullptr) return;
    if (!value->is(Json::Type::String)) return fail(key, *value, "a string");
    out = value->as_string();
  }
  template <class Enum>
  void named(std::string_view key, std::initializer_list<Enum> choices, Enum& out) {
    const Json* value = take(key);
    if (value == nullptr) return;
    std::string accepted;
    for (const Enum choice : choices) {
      if (value->is(Json::Type::String) && value->as_string() == option_name(choice)) {
        out = choice;
        return;
      }
      accepted.append(accepted.empty() ? "\"" : ", \"").append(option_name(choice)).push_back('"');
    }
    fail(key, *value, choices.size() == 1 ? accepted : "one of " + accepted);
  }
  void texts(std::string_view key, const Json& value, std::vector<std::string>& out) {
    for (const Json& item : value.items()) {
      if (!item.is(Json::Type::String)) return fail(key, item, "a list of strings");
      out.push_back(item.as_string());
    }
  }

  std::optional<Error> finish() {
    for (const JsonMember& member : object_.members()) {
      bool known = false;
      for (const std::string_view key : asked_) known = known || key == member.key;
      if (!known && !error_) {
        error_ = Error{ErrorCode::InvalidArgument,
                       "unknown option " + name_of(member.key) + ": " + write_json(member.value)};
      }
    }
    return error_;
  }

 private:
  std::string name_of(std::string_view key) const { return std::string(path_).append(key); }
  static std::string shown(double number) { return write_json(Json::number(number)); }

  const Json& object_;
  std::string_view path_;
  std::vector<std::string_view> asked_;
  std::optional<Error> error_;
};

void read_rerank(Fields& fields, index::IndexOptions& out) {
  using index::CodecKind;
  using index::RerankStore;
  fields.integer("candidates", 0, kMaxEf, out.candidates);
  const Json* value = fields.take("rerank");
  if (out.codec == CodecKind::F32) {
    // It has nothing to rescore: its field keeps the default.
    const bool is_none = value == nullptr || (value->is(Json::Type::String) &&
                                              value->as_string() == option_name(RerankStore::None));
    if (!is_none) fields.fail("rerank", *value, R"("none" with codec "f32")");
    return;
  }
  const bool is_sq8 = out.codec == CodecKind::Sq8;
  const RerankStore own = is_sq8 ? RerankStore::Plane : RerankStore::Sq8;
  out.rerank = own;
  fields.named("rerank",
               {own, RerankStore::None, RerankStore::F16, RerankStore::F32, RerankStore::Originals},
               out.rerank);
}

void read_pq(Fields& fields, CollectionOptions& out) {
  out.index.bits = 8;
  fields.integer("bits", 4, 8, out.index.bits);
  out.index.subvectors = 0;
  fields.integer("subvectors", 1, out.dimension > 0 ? out.dimension : kMaxDimension,
                 out.index.subvectors);
  fields.integer("iterations", 1, 1000, out.index.iterations);
  fields.integer("samples", 256, 1'000'000, out.index.samples);
}

std::optional<Error> read_index(const Json& json, CollectionOptions& out) {
  Fields fields(json, "index.");
  const Json* kind = fields.take("kind");
  const std::string_view given =
      kind != nullptr && kind->is(Json::Type::String) ? std::string_view(kind->as_string()) : "";
  out.auto_index = given == "auto";
  if (out.auto_index) {
    // What an automatic index is today is stored, never chosen: its shape is accepted beside it
    // only.
    if (fields.take("today") == nullptr) return fields.finish();
    fields.named("today", {index::Kind::Flat, index::Kind::Hnsw}, out.index.kind);
  } else if (given == option_name(index::Kind::Flat) || given == option_name(index::Kind::Hnsw)) {
    fields.named("kind", {index::Kind::Flat, index::Kind::Hnsw}, out.index.kind);
  } else {
    fields.fail("kind", kind != nullptr ? *kind : Json(), R"("auto", "flat" or "hnsw")");
  }
  fields.named("codec",
               {index::CodecKind::F32, index::CodecKind::Sq8, index::CodecKind::Sq4,
                index::CodecKind::Binary, index::CodecKind::Pq},
               out.index.codec);
  if (out.index.codec == index::CodecKind::Binary) fields.integer("bits", 1, 2, out.index.bits);
  if (out.index.codec == index::CodecKind::Pq) read_pq(fields, out);
  read_rerank(fields, out.index);
  fields.integer("m", 4, 64, out.index.m);
  fields.integer("efConstruction", out.index.m, 4096, out.index.ef_construction);
  fields.integer("efSearch", 1, kMaxEf, out.index.ef_search);
  fields.named("build", {index::Build::Parallel, index::Build::Sequential}, out.index.build);
  fields.integer("seed", 0, kMaxSafeInteger, out.index.seed);
  return fields.finish();
}

void read_text_fields(Fields& fields, std::vector<text::TextField>& out) {
  const Json* given = fields.take("fields");
  if (given == nullptr) return;
  if (!given->is(Json::Type::Object) || given->members().size() > text::kMaxTextFields)
    return fields.fail("fields", *given, "an object of at most 23 paths with their boosts");
  for (const JsonMember& member : given->members()) {
    constexpr double kMostBoost = 1000;
    const Json& boost = member.value;
    if (!boost.is(Json::Type::Number) || !(boost.as_number() > 0) ||
        boost.as_number() > kMostBoost || member.key.empty() || member.key == "content")
      return fields.fail("fields", *given,
                         "paths, none of them \"content\", with boosts above 0 to 1000");
    out.push_back({member.key, static_cast<float>(boost.as_number())});
  }
}

std::optional<Error> read_text(const Json& json, text::TextOptions& out) {
  Fields fields(json, "text.");
  fields.text("language", out.language);
  fields.named("analyzer", {text::Analyzer::Standard, text::Analyzer::Simple}, out.analyzer);
  if (const Json* words = fields.take("stopWords")) {
    if (words->is(Json::Type::Array)) {
      fields.texts("stopWords", *words, out.own_stop_words);
    } else if (words->is(Json::Type::Boolean)) {
      out.stop_words = words->as_boolean();
    } else {
      fields.fail("stopWords", *words, "true, false or a list of strings");
    }
  }
  if (const Json* words = fields.take("ownStopWords")) {
    if (words->is(Json::Type::Array)) {
      fields.texts("ownStopWords", *words, out.own_stop_words);
    } else {
      fields.fail("ownStopWords", *words, "a list of strings");
    }
  }
  fields.boolean("foldAccents", out.fold_accents);
  fields.boolean("positions", out.positions);
  read_text_fields(fields, out.fields);
  fields.real("k1", 0, 10, out.k1);
  fields.real("b", 0, 1, out.b);
  return fields.finish();
}

Json index_json(const CollectionOptions& options) {
  if (!options.has_index) return Json::boolean(false);
  const index::IndexOptions& index = options.index;
  const index::RerankStore rerank =
      index.codec == index::CodecKind::F32 ? index::RerankStore::None : index.rerank;
  std::vector<JsonMember> members;
  if (options.auto_index) members.push_back({"kind", Json::string("auto")});
  members.push_back(
      {options.auto_index ? "today" : "kind", Json::string(std::string(option_name(index.kind)))});
  members.push_back({"codec", Json::string(std::string(option_name(index.codec)))});
  const bool is_pq = index.codec == index::CodecKind::Pq;
  if (is_pq || index.codec == index::CodecKind::Binary)
    members.push_back({"bits", Json::number(index.bits)});
  if (is_pq) {
    members.push_back({"subvectors", Json::number(index.subvectors)});
    members.push_back({"iterations", Json::number(index.iterations)});
    members.push_back({"samples", Json::number(index.samples)});
  }
  members.push_back({"rerank", Json::string(std::string(option_name(rerank)))});
  if (index.candidates > 0) members.push_back({"candidates", Json::number(index.candidates)});
  members.push_back({"m", Json::number(index.m)});
  members.push_back({"efConstruction", Json::number(index.ef_construction)});
  members.push_back({"efSearch", Json::number(index.ef_search)});
  members.push_back({"build", Json::string(std::string(option_name(index.build)))});
  members.push_back({"seed", Json::number(static_cast<double>(index.seed))});
  return Json::object(std::move(members));
}

Json text_json(const CollectionOptions& options) {
  if (!options.has_text) return Json::boolean(false);
  std::vector<Json> own;
  for (const std::string& word : options.text.own_stop_words) own.push_back(Json::string(word));
  std::vector<JsonMember> boosts;
  for (const text::TextField& field : options.text.fields)
    boosts.push_back({field.path, float_json(field.boost)});
  return Json::object({{"language", Json::string(options.text.language)},
                       {"analyzer", Json::string(std::string(option_name(options.text.analyzer)))},
                       {"stopWords", Json::boolean(options.text.stop_words)},
                       {"ownStopWords", Json::array(std::move(own))},
                       {"foldAccents", Json::boolean(options.text.fold_accents)},
                       {"positions", Json::boolean(options.text.positions)},
                       {"fields", Json::object(std::move(boosts))},
                       {"k1", float_json(options.text.k1)},
                       {"b", float_json(options.text.b)}});
}

/// Reads `key` as false or an object; an object goes through `read`.
template <class Read>
std::optional<Error> read_part(Fields& fields, std::string_view key, bool& present, Read read) {
  const Json* value = fields.take(key);
  if (value == nullptr) return std::nullopt;
  if (value->is(Json::Type::Object)) return read(*value);
  if (value->is(Json::Type::Boolean) && !value->as_boolean()) {
    present = false;
  } else {
    fields.fail(key, *value, "an object or false");
  }
  return std::nullopt;
}

}  // namespace

Json float_json(float value) {
  for (double scale = 1; scale <= 1e9; scale *= 10) {
    const double rounded = std::round(double{value} * scale) / scale;
    if (static_cast<float>(rounded) == value) return Json::number(rounded);
  }
  return Json::number(double{value});
}

Result<CollectionOptions> parse_options(std::string_view json) {
  const Result<Json> parsed = parse_json(json);
  if (!parsed) return Error{ErrorCode::InvalidArgument, "options: " + parsed.error().message};
  if (!parsed->is(Json::Type::Object)) {
    return Error{ErrorCode::InvalidArgument,
                 "options must be an object, got " + write_json(*parsed)};
  }
  using compress::Codec;
  CollectionOptions out;
  Fields fields(*parsed, "");
  fields.integer("dimension", 0, kMaxDimension, out.dimension);
  fields.named("metric", {Metric::Cosine, Metric::Dot, Metric::L2}, out.metric);
  const auto index_error =
      read_part(fields, "index", out.has_index, [&](const Json& j) { return read_index(j, out); });
  const auto text_error = read_part(fields, "text", out.has_text,
                                    [&](const Json& j) { return read_text(j, out.text); });
  fields.named("originals", {Originals::F32, Originals::F16, Originals::None}, out.originals);
  fields.text("embedder", out.embedder);
  fields.real("hybridWeight", 0, 1, out.hybrid_weight);
  fields.named("documentCodec", {Codec::None, Codec::Gzip, Codec::Lz4, Codec::Zstd},
               out.document_codec);
  if (auto error = fields.finish()) return *std::move(error);
  if (index_error) return *index_error;
  if (text_error) return *text_error;
  if (out.dimension == 0) {
    if (out.has_index && !out.auto_index) {
      return Error{ErrorCode::InvalidArgument, "index.kind \"" +
                                                   std::string(option_name(out.index.kind)) +
                                                   "\" needs a dimension from 1 to " +
                                                   std::to_string(kMaxDimension) + ", got 0"};
    }
    out.has_index = false;
  }
  out.index.dimension = out.dimension;
  out.index.metric = out.metric;
  if (out.index.rerank == index::RerankStore::Originals && out.originals == Originals::None) {
    return Error{ErrorCode::InvalidArgument,
                 "index.rerank \"originals\" needs originals, got originals \"none\""};
  }
  return out;
}

std::string write_options(const CollectionOptions& options) {
  return write_json(Json::object({
      {"dimension", Json::number(options.dimension)},
      {"metric", Json::string(std::string(option_name(options.metric)))},
      {"index", index_json(options)},
      {"text", text_json(options)},
      {"originals", Json::string(std::string(option_name(options.originals)))},
      {"embedder", Json::string(options.embedder)},
      {"hybridWeight", float_json(options.hybrid_weight)},
      {"documentCodec", Json::string(std::string(option_name(options.document_codec)))},
  }));
}

}  // namespace corsac::collection

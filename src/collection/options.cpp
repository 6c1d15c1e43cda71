#include "collection/options.h"

#include <utility>
#include <vector>

#include "base/json.h"
#include "collection/option_names.h"

namespace corsac::collection {
namespace {

struct Field {
  std::string name;
  std::string value;
};

std::string quoted(std::string_view text) { return write_json(Json::string(std::string(text))); }
std::string shown(bool value) { return value ? "true" : "false"; }
std::string shown(float value) { return write_json(float_json(value)); }

/// What an index does, as far as the user chose it. An automatic index chose nothing.
void index_fields(const CollectionOptions& options, std::vector<Field>& out) {
  out.push_back({"index", options.has_index ? "on" : "false"});
  if (!options.has_index) return;
  const index::IndexOptions& index = options.index;
  out.push_back({"index.kind", quoted(options.auto_index ? "auto" : option_name(index.kind))});
  if (options.auto_index) return;
  out.push_back({"index.codec", quoted(option_name(index.codec))});
  const bool is_pq = index.codec == index::CodecKind::Pq;
  if (is_pq || index.codec == index::CodecKind::Binary)
    out.push_back({"index.bits", std::to_string(index.bits)});
  if (is_pq) {
    out.push_back({"index.subvectors", std::to_string(index.subvectors)});
    out.push_back({"index.iterations", std::to_string(index.iterations)});
    out.push_back({"index.samples", std::to_string(index.samples)});
  }
  if (index.codec != index::CodecKind::F32) {
    out.push_back({"index.rerank", quoted(option_name(index.rerank))});
    out.push_back({"index.candidates", std::to_string(index.candidates)});
  }
  if (index.kind == index::Kind::Flat) return;
  out.push_back({"index.m", std::to_string(index.m)});
  out.push_back({"index.efConstruction", std::to_string(index.ef_construction)});
  out.push_back({"index.efSearch", std::to_string(index.ef_search)});
  out.push_back({"index.build", quoted(option_name(index.build))});
  out.push_back({"index.seed", std::to_string(index.seed)});
}

void text_fields(const CollectionOptions& options, std::vector<Field>& out) {
  out.push_back({"text", options.has_text ? "on" : "false"});
  if (!options.has_text) return;
  const text::TextOptions& text = options.text;
  std::vector<Json> own;
  for (const std::string& word : text.own_stop_words) own.push_back(Json::string(word));
  out.push_back({"text.language", quoted(text.language)});
  out.push_back({"text.analyzer", quoted(option_name(text.analyzer))});
  out.push_back({"text.stopWords",
                 own.empty() ? shown(text.stop_words) : write_json(Json::array(std::move(own)))});
  out.push_back({"text.foldAccents", shown(text.fold_accents)});
  out.push_back({"text.positions", shown(text.positions)});
  std::vector<JsonMember> boosts;
  for (const text::TextField& field : text.fields)
    boosts.push_back({field.path, float_json(field.boost)});
  out.push_back({"text.fields", write_json(Json::object(std::move(boosts)))});
  out.push_back({"text.k1", shown(text.k1)});
  out.push_back({"text.b", shown(text.b)});
}

/// Everything that decides what the collection answers, in a fixed order; a field that is there for
/// one shape only follows the field that decides the shape.
std::vector<Field> meaning(const CollectionOptions& options) {
  std::vector<Field> out;
  out.push_back({"dimension", std::to_string(options.has_index ? options.dimension : 0)});
  if (options.has_index) out.push_back({"metric", quoted(option_name(options.metric))});
  index_fields(options, out);
  text_fields(options, out);
  if (options.has_index) out.push_back({"originals", quoted(option_name(options.originals))});
  return out;
}

}  // namespace

std::optional<std::string> difference(const CollectionOptions& stored,
                                      const CollectionOptions& asked) {
  const std::vector<Field> ours = meaning(stored);
  const std::vector<Field> theirs = meaning(asked);
  for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
    if (ours[i].value == theirs[i].value) continue;
    return ours[i].name + " is " + ours[i].value + " in the stored collection, asked for " +
           theirs[i].value;
  }
  return std::nullopt;
}

}  // namespace corsac::collection

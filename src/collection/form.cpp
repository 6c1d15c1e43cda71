#include "collection/form.h"

#include <algorithm>
#include <utility>

#include "collection/meta.h"

namespace corsac::collection {
namespace {

// Every section this layer and those below it write; SectionId::Clients is the storage layer's.
constexpr SectionId kOwnSections[] = {
    SectionId::Meta,         SectionId::Ids,       SectionId::Deleted,
    SectionId::Slots,        SectionId::Documents, SectionId::DocumentBlocks,
    SectionId::Originals,    SectionId::Codes,     SectionId::CodePlanes,
    SectionId::CodeHeaders,  SectionId::Graph,     SectionId::IndexMeta,
    SectionId::TextSegments, SectionId::TextMeta,  SectionId::Columns,
    SectionId::RerankCodes,  SectionId::Codebook,
};
constexpr SectionId kIndexSections[] = {
    SectionId::Codes,     SectionId::CodePlanes,  SectionId::CodeHeaders, SectionId::Graph,
    SectionId::IndexMeta, SectionId::RerankCodes, SectionId::Codebook};

const Json* at_path(const Json& object, std::string_view path) {
  const Json* at = &object;
  for (std::size_t start = 0; start <= path.size();) {
    if (!at->is(Json::Type::Object)) return nullptr;
    const std::size_t end = std::min(path.find('.', start), path.size());
    at = at->find(path.substr(start, end - start));
    if (at == nullptr) return nullptr;
    start = end + 1;
  }
  return at;
}

}  // namespace

Form::Form(const CollectionOptions& from)
    : options(from),
      documents({.codec = from.document_codec}),
      originals(from.dimension, from.originals) {
  options.index.dimension = options.dimension;
  options.index.metric = options.metric;
}

Result<Form> Form::create(const CollectionOptions& options) {
  Form out(options);
  if (out.options.has_text) {
    auto text = text::create_text_index(out.options.text);
    if (!text) return text.error();
    out.text = *std::move(text);
  }
  if (out.options.has_index) {
    auto index = index::create_index(out.options.index);
    if (!index) return index.error();
    out.index = *std::move(index);
  }
  return out;
}

void Form::take(const Arrival& arrival) {
  SlotRange kept;
  if (const std::optional<Ordinal> old = ids.find(arrival.id)) {
    const bool keep = arrival.keep_vectors && arrival.vector_count == 0;
    if (keep) kept = slots.of(*old);
    forget(*old, keep);
  }
  documents.add(arrival.content, arrival.metadata);
  const Ordinal ordinal = ids.append(arrival.id);
  if (text != nullptr) add_text(ordinal, arrival);
  filter.add(ordinal, arrival.parsed_metadata);
  if (kept.count > 0) {
    slots.append_kept(kept);
  } else {
    slots.append_new(arrival.vector_count);
  }
  deleted.resize(size());
}

// The strings at a path: one, or those of an array.
void Form::add_text(Ordinal ordinal, const Arrival& arrival) {
  std::vector<text::FieldText> texts;
  if (arrival.content) texts.push_back({0, *arrival.content});
  const auto add = [&](const Json& value, std::uint32_t field) {
    if (value.is(Json::Type::String)) texts.push_back({field, value.as_string()});
  };
  std::uint32_t field = 0;
  for (const text::TextField& each : options.text.fields) {
    ++field;
    const Json* value = at_path(arrival.parsed_metadata, each.path);
    if (value == nullptr) continue;
    if (value->is(Json::Type::Array)) {
      for (const Json& item : value->items()) add(item, field);
    } else {
      add(*value, field);
    }
  }
  if (!texts.empty()) text->add(ordinal, texts);
}

void Form::drop(Ordinal ordinal) {
  ids.erase(ordinal);
  forget(ordinal, false);
}

void Form::forget(Ordinal ordinal, bool keep_slots) {
  deleted.set(ordinal);
  ++deleted_count;
  if (text != nullptr && ordinal < text->size()) text->remove(ordinal);
  if (!keep_slots) drop_slots(slots.of(ordinal));
}

void Form::drop_slots(SlotRange range) {
  for (std::uint32_t i = 0; i < range.count; ++i) index->remove(range.first + i);
}

void Form::replace_index(std::unique_ptr<index::VectorIndex> fresh) {
  index = std::move(fresh);
  options.index = index->options();
  calibration.clear();  // It spoke of the old one.
  restart_index = true;
}

void Form::save(SectionSink& sink) {
  if (restart_all) {
    for (const SectionId id : kOwnSections) sink.restart(id);
  } else if (restart_index) {
    for (const SectionId id : kIndexSections) sink.restart(id);
  }
  restart_all = restart_index = false;
  if (index != nullptr) index->save(sink);
  originals.save(sink);
  documents.save(sink);
  if (text != nullptr) text->save(sink);
  filter.save(sink);
  ids.save(sink);
  slots.save(sink);
  sink.replace(SectionId::Deleted, std::as_bytes(deleted.words()));
  sink.replace(SectionId::Meta,
               encode_meta({.ordinals = static_cast<std::uint32_t>(size()),
                            .live = static_cast<std::uint32_t>(live()),
                            .slots = static_cast<std::uint32_t>(slots.slots()),
                            .original_rows = static_cast<std::uint32_t>(originals.slots()),
                            .index = options.index,
                            .calibration = calibration,
                            .options = has_own_options ? write_options(options) : ""}));
}

}  // namespace corsac::collection

// Opening a saved form: each part checks its own sections, this file checks that they tell one
// story.
#include <string>
#include <utility>

#include "collection/form.h"
#include "collection/meta.h"

namespace corsac::collection {
namespace {

Error corrupt(std::string what) { return {ErrorCode::Corrupt, std::move(what)}; }

/// Sections were written by this library, so what is no valid option there is damage.
Error as_damage(Error error) {
  if (error.code == ErrorCode::InvalidArgument) error.code = ErrorCode::Corrupt;
  return error;
}

Result<Bitset> load_deleted(const SectionSource& source, const Meta& meta) {
  const ByteView stored = source.section(SectionId::Deleted);
  const std::size_t words = (std::size_t{meta.ordinals} + 63) / 64;
  if (stored.size() != words * sizeof(std::uint64_t)) {
    return corrupt("section deleted: " + std::to_string(stored.size()) + " bytes for " +
                   std::to_string(meta.ordinals) + " documents");
  }
  ByteReader reader(stored);
  std::vector<std::uint64_t> raw = reader.get_all<std::uint64_t>(words);
  const std::uint64_t last = raw.empty() ? 0 : raw.back();
  Bitset out = Bitset::from_words(std::move(raw), meta.ordinals);
  if (words > 0 && out.words().back() != last)
    return corrupt("section deleted: documents past the last one");
  if (out.count() != meta.ordinals - meta.live) {
    return corrupt("section deleted: " + std::to_string(out.count()) +
                   " documents, section meta says " + std::to_string(meta.ordinals - meta.live));
  }
  return out;
}

/// A collection that was never saved has no section at all.
bool is_empty(const SectionSource& source) {
  for (std::uint16_t id = 1; id < static_cast<std::uint16_t>(SectionId::Clients); ++id) {
    if (source.length(static_cast<SectionId>(id)) > 0) return false;
  }
  return source.segments(SectionId::TextSegments).empty();
}

Status check_originals(const CollectionOptions& options, const Meta& meta,
                       const SectionSource& source) {
  const bool stored = options.has_index && options.originals != Originals::None;
  const std::uint64_t rows = stored ? meta.slots : 0;
  const std::uint64_t length = source.length(SectionId::Originals);
  if (meta.original_rows != rows ||
      length != rows * original_bytes(options.dimension, options.originals)) {
    return corrupt("section originals: " + std::to_string(length) + " bytes, section meta says " +
                   std::to_string(meta.original_rows) + " rows, there are " + std::to_string(rows));
  }
  return Done{};
}

Status check_index(const Form& form) {
  const index::VectorIndex& index = *form.index;
  if (index.size() != form.slots.slots()) {
    return corrupt("the index has " + std::to_string(index.size()) +
                   " vectors, section slots names " + std::to_string(form.slots.slots()));
  }
  std::size_t live = 0;
  for (Ordinal ordinal = 0; ordinal < form.size(); ++ordinal) {
    if (!form.is_live(ordinal)) continue;
    const SlotRange range = form.slots.of(ordinal);
    for (std::uint32_t i = 0; i < range.count; ++i) {
      if (index.is_removed(range.first + i))
        return corrupt("the vector of live ordinal " + std::to_string(ordinal) + " is removed");
    }
    live += range.count;
  }
  if (live != index.live()) {
    return corrupt("the index has " + std::to_string(index.live()) +
                   " live vectors, the documents have " + std::to_string(live));
  }
  return Done{};
}

Status load_index(Form& form, const Meta& meta, const SectionSource& source) {
  CollectionOptions& options = form.options;
  if (meta.index.dimension != options.dimension || meta.index.metric != options.metric) {
    return corrupt("section meta: dimension " + std::to_string(meta.index.dimension) +
                   " where the options say " + std::to_string(options.dimension) +
                   ", or another metric");
  }
  if (options.auto_index) {
    options.index = meta.index;
  } else if (!same_index(options.index, meta.index)) {
    return corrupt("section meta: the index it describes is not the one of the options");
  }
  auto index = index::load_index(options.index, source, meta.slots);
  if (!index) return as_damage(index.error());
  form.index = *std::move(index);
  return check_index(form);
}

Status check_sizes(const Form& form) {
  const auto differs = [&](const char* part, std::size_t size) {
    return corrupt(std::string(part) + " has " + std::to_string(size) +
                   " documents, section meta says " + std::to_string(form.size()));
  };
  if (form.documents.size() != form.size())
    return differs("the document store", form.documents.size());
  if (form.filter.size() != form.size()) return differs("the filter", form.filter.size());
  if (form.text != nullptr && form.text->size() > form.size())
    return differs("the text index", form.text->size());
  return Done{};
}

}  // namespace

Result<Form> Form::load(const CollectionOptions& made_with, const SectionSource& source) {
  if (source.section(SectionId::Meta).empty() && is_empty(source)) return create(made_with);
  const Result<Meta> meta = decode_meta(source.section(SectionId::Meta));
  if (!meta) return meta.error();
  const bool has_own = !meta->options.empty();
  const Result<CollectionOptions> now = has_own ? parse_options(meta->options) : made_with;
  if (!now) return as_damage(now.error());
  const CollectionOptions& options = *now;

  Form out(options);
  out.has_own_options = has_own;
  auto deleted = load_deleted(source, *meta);
  if (!deleted) return deleted.error();
  out.deleted = *std::move(deleted);
  out.deleted_count = meta->ordinals - meta->live;
  auto ids = IdMap::load(source, meta->ordinals, out.deleted);
  if (!ids) return ids.error();
  out.ids = *std::move(ids);
  auto slots = SlotTable::load(source, meta->ordinals, meta->slots, out.deleted);
  if (!slots) return slots.error();
  out.slots = *std::move(slots);
  if (!out.options.has_index && meta->slots > 0)
    return corrupt("section meta: vectors in a collection without");
  if (const Status status = check_originals(options, *meta, source); !status) return status.error();
  out.originals = OriginalVectors(options.dimension, options.originals, meta->original_rows);

  auto documents = document::DocumentStore::load({.codec = options.document_codec}, source);
  if (!documents) return as_damage(documents.error());
  out.documents = *std::move(documents);
  auto filter = filter::FilterIndex::load(source);
  if (!filter) return as_damage(filter.error());
  out.filter = *std::move(filter);
  if (out.options.has_text) {
    auto text = text::load_text_index(out.options.text, source);
    if (!text) return as_damage(text.error());
    out.text = *std::move(text);
  }
  out.calibration = meta->calibration;
  if (const Status status = check_sizes(out); !status) return status.error();
  if (out.options.has_index) {
    if (const Status status = load_index(out, *meta, source); !status) return status.error();
  }
  return out;
}

}  // namespace corsac::collection

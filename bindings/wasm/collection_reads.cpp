#include "collection_reads.h"

#include "collection/query.h"

#include "collection_writes.h"
#include "effects.h"

namespace corsac::bindings {
namespace {

/// The predicate of a JSON filter; none for the empty string.
Result<std::optional<filter::Predicate>> predicate_of(const std::string& json) {
  if (json.empty()) return std::optional<filter::Predicate>();
  Result<filter::Predicate> parsed = filter::parse_predicate(json);
  if (!parsed) return parsed.error();
  return std::optional(*std::move(parsed));
}

const filter::Predicate* pointer(const std::optional<filter::Predicate>& predicate) {
  return predicate ? &*predicate : nullptr;
}

std::uint64_t whole(double value) { return static_cast<std::uint64_t>(value); }

/// start, end, query term, start, ... in UTF-16 units.
val ranges(const std::vector<text::Highlight>& highlights) {
  std::vector<std::uint32_t> flat;
  flat.reserve(highlights.size() * 3);
  for (const text::Highlight& each : highlights) {
    flat.push_back(each.start);
    flat.push_back(each.end);
    flat.push_back(each.term);
  }
  return copy("Uint32Array", flat);
}

}  // namespace

std::string options(const CollectionHandle& self) {
  return collection::write_options(self.collection().options());
}

bool has(const CollectionHandle& self, const std::string& id) { return self.collection().has(id); }

Ordinal find(const CollectionHandle& self, const std::string& id) {
  return self.collection().find(id).value_or(kNoOrdinal);
}

val count(const CollectionHandle& self, const std::string& filter) {
  Result<std::optional<filter::Predicate>> predicate = predicate_of(filter);
  return outcome(std::move(predicate), [&](std::optional<filter::Predicate>&& found) {
    return val(number(self.collection().count(pointer(found))));
  });
}

val list(const CollectionHandle& self, const std::string& filter, Ordinal after, unsigned limit) {
  Result<std::optional<filter::Predicate>> predicate = predicate_of(filter);
  return outcome(std::move(predicate), [&](std::optional<filter::Predicate>&& found) {
    const std::vector<Ordinal> ordinals = self.collection().list(pointer(found), after, limit);
    return copy("Uint32Array", ordinals);
  });
}

val last_error(const CollectionHandle& self) {
  return self.error() ? failure(*self.error()) : outcome(Status(Done{}));
}

std::uintptr_t ids(CollectionHandle& self, const val& ordinals) {
  return self.ids(numbers<Ordinal>(ordinals));
}

val highlight(const CollectionHandle& self, const val& ordinals, const std::string& query,
              std::uint32_t flags) {
  collection::SearchRequest request;
  request.mode = collection::Mode::Text;
  request.text = query;
  read_text_flags(flags, request);
  val out = val::array();
  for (const Ordinal ordinal : numbers<Ordinal>(ordinals)) {
    Result<document::DocumentView> view = self.collection().read(ordinal);
    if (!view) return failure(view.error());
    out.call<void>("push", ranges(self.collection().highlight(request, view->content)));
  }
  return outcome(Result<val>(std::move(out)));
}

val select(CollectionHandle& self, const val& filter) {
  if (filter.isUndefined()) return outcome(self.select_found());
  Result<std::optional<filter::Predicate>> predicate = predicate_of(filter.as<std::string>());
  if (!predicate) return failure(predicate.error());
  self.select(pointer(*predicate));
  return outcome(Status(Done{}));
}

val rarities(const CollectionHandle& self, const std::string& query, std::uint32_t flags) {
  collection::SearchRequest request;
  request.text = query;
  read_text_flags(flags, request);
  return copy("Float32Array", self.collection().text()->rarities(collection::text_query(request)));
}

val completions(const CollectionHandle& self, const std::string& text) {
  if (self.collection().text() == nullptr) return val::undefined();
  val out = val::array();
  for (const text::TermCount& each : self.collection().text()->completions(text)) {
    out.call<void>("push", each.term);
    out.call<void>("push", each.documents);
  }
  return out;
}

val documents_with(const CollectionHandle& self, const std::string& term, unsigned limit) {
  return copy("Uint32Array", self.collection().text()->documents_with(term, limit));
}

std::string term_of(const CollectionHandle& self, const std::string& word) {
  return self.collection().text()->term_of(word);
}

val missing_blocks(CollectionHandle& self, const val& ordinals) {
  return block_list(self.collection().missing_blocks(numbers<Ordinal>(ordinals)));
}

val supply_block(CollectionHandle& self, unsigned block, const val& stored) {
  return outcome(self.collection().supply_block(block, bytes(stored)));
}

std::uintptr_t documents(CollectionHandle& self, const val& ordinals) {
  return self.documents(numbers<Ordinal>(ordinals));
}

val vector(const CollectionHandle& self, Ordinal ordinal, bool coded) {
  const collection::Collection& from = self.collection();
  const auto slots = from.slots(ordinal);
  if (!slots || slots->second == 0) return val::undefined();
  val out = val::object();
  std::vector<float> row;
  if (coded || from.options().originals == collection::Originals::None) {
    row = from.stored_vector(ordinal);
  } else {
    row.resize(from.options().dimension);
    if (!from.original_in_memory(slots->first, row)) {
      out.set("slot", slots->first);
      return out;
    }
  }
  out.set("vector", copy("Float32Array", row));
  return out;
}

val unsaved(const CollectionHandle& self, unsigned section, double offset, double length) {
  const ByteView found =
      self.durable().unsaved(static_cast<SectionId>(section), whole(offset), whole(length));
  return found.empty() ? val::undefined() : copy_bytes(found);
}

val locate(const CollectionHandle& self, unsigned section, double offset, double length) {
  return read_request(
      self.durable().locate_checked(static_cast<SectionId>(section), whole(offset), whole(length)));
}

val check(const CollectionHandle& self, unsigned section, double offset, double length,
          const val& read) {
  const auto id = static_cast<SectionId>(section);
  return outcome(self.durable().check(id, whole(offset), whole(length), bytes(read)),
                 [](Bytes&& range) { return copy_bytes(range); });
}

val stats(const CollectionHandle& self) {
  const collection::Stats from = self.collection().stats();
  val out = val::object();
  out.set("documents", number(from.documents));
  out.set("deleted", number(from.deleted));
  out.set("vectors", number(from.vectors));
  out.set("codes", number(from.codes));
  out.set("rerank", number(from.rerank));
  out.set("graph", number(from.graph));
  out.set("text", number(from.text));
  out.set("filter", number(from.filter));
  out.set("ids", number(from.ids));
  out.set("originals", number(from.originals));
  out.set("documentCache", number(from.document_cache));
  out.set("log", number(self.durable().log_bytes()));
  out.set("snapshot", number(self.durable().snapshot_bytes()));
  out.set("generation", number(self.durable().generation()));
  return out;
}

val report(const CollectionHandle& self) { return open_report(self.durable().report()); }

}  // namespace corsac::bindings

#include "native/store_questions.h"

#include <chrono>
#include <limits>
#include <vector>

#include "base/json.h"

namespace corsac::native {
namespace {

using Answer = HostResult<std::vector<JsonMember>>;

constexpr JsonLimits kAnyLength{.bytes = std::numeric_limits<std::size_t>::max(),
                                .depth = 32,
                                .keys = std::numeric_limits<std::uint32_t>::max()};

std::string_view text_at(const Json& from, std::string_view key) {
  const Json* const found = from.find(key);
  return found != nullptr && found->is(Json::Type::String) ? std::string_view(found->as_string())
                                                           : std::string_view();
}

std::span<const Json> items_at(const Json& from, std::string_view key) {
  const Json* const found = from.find(key);
  return found != nullptr && found->is(Json::Type::Array) ? found->items()
                                                          : std::span<const Json>();
}

std::vector<float> numbers_at(const Json& from, std::string_view key) {
  std::vector<float> out;
  for (const Json& item : items_at(from, key)) {
    if (item.is(Json::Type::Number)) out.push_back(static_cast<float>(item.as_number()));
  }
  return out;
}

JsonMember count_of(std::string key, std::uint64_t value) {
  return {std::move(key), Json::number(static_cast<double>(value))};
}

Answer upsert(FileCollection& to, const Json& question) {
  collection::WriteEncoder encoder(collection::WriteMode::Upsert);
  for (const Json& given : items_at(question, "documents")) {
    collection::NewDocument document;
    document.id = text_at(given, "id");
    if (given.find("content") != nullptr) document.content = text_at(given, "content");
    std::string metadata;
    if (const Json* const found = given.find("metadata"); found != nullptr) {
      metadata = write_json(*found);
      document.metadata = metadata;
    }
    const std::vector<float> vector = numbers_at(given, "embedding");
    document.vectors = std::as_bytes(std::span(vector));
    document.vector_count = vector.empty() ? 0 : 1;
    encoder.add(document);
  }
  auto written = to.write(std::move(encoder).take(), true);
  if (!written) return written.error();
  return std::vector<JsonMember>{count_of("documents", *written)};
}

Answer remove(FileCollection& from, const Json& question) {
  collection::Operation operation;
  operation.kind = collection::OperationKind::Remove;
  for (const Json& id : items_at(question, "ids")) {
    if (id.is(Json::Type::String)) operation.ids.emplace_back(id.as_string());
  }
  auto removed = from.write(collection::encode_operation(operation), true);
  if (!removed) return removed.error();
  return std::vector<JsonMember>{count_of("documents", *removed)};
}

Answer search(FileCollection& in, const Json& question) {
  const std::vector<float> vector = numbers_at(question, "embedding");
  collection::SearchRequest request;
  request.vector = vector;
  request.text = text_at(question, "text");
  request.mode = vector.empty()         ? collection::Mode::Text
                 : request.text.empty() ? collection::Mode::Vector
                                        : collection::Mode::Hybrid;
  if (const Json* const k = question.find("k"); k != nullptr && k->is(Json::Type::Number))
    request.k = static_cast<std::size_t>(k->as_number());
  const auto found = in.core().search(request);
  if (!found) return host_error(found.error());
  std::vector<Ordinal> ordinals;
  for (const auto& hit : found->hits) ordinals.push_back(hit.ordinal);
  if (const HostStatus fetched = in.fetch(ordinals); !fetched) return fetched.error();
  std::vector<Json> hits;
  for (const auto& hit : found->hits) {
    const auto document = in.core().read(hit.ordinal);
    if (!document) return host_error(document.error());
    hits.push_back(Json::object({{"id", Json::string(std::string(in.core().id(hit.ordinal)))},
                                 {"score", Json::number(static_cast<double>(hit.score))},
                                 {"content", Json::string(std::string(document->content))},
                                 {"metadata", Json::string(std::string(document->metadata))}}));
  }
  return std::vector<JsonMember>{{"hits", Json::array(std::move(hits))}};
}

Answer checkpoint(FileCollection& of) {
  if (const HostStatus done = of.checkpoint(); !done) return done.error();
  return std::vector<JsonMember>{count_of("bytes", of.checkpoint_report().stored_bytes)};
}

Answer report(FileCollection& of) {
  static constexpr const char* kOutcomes[] = {"clean", "torn", "rebuilt", "degraded"};
  const auto outcome = static_cast<std::size_t>(of.report().outcome);
  return std::vector<JsonMember>{{"outcome", Json::string(kOutcomes[outcome])},
                                 count_of("replayed", of.report().replayed),
                                 count_of("documents", of.core().stats().documents)};
}

Answer ask_collection(FileCollection& collection, const Json& question) {
  const std::string_view what = text_at(question, "do");
  if (what == "upsert") return upsert(collection, question);
  if (what == "delete") return remove(collection, question);
  if (what == "search") return search(collection, question);
  if (what == "checkpoint") return checkpoint(collection);
  if (what == "report") return report(collection);
  return HostError{"invalid_argument", "nobody knows how to do \"" + std::string(what) + "\""};
}

Answer ask(FileStore& store, const Json& question) {
  const std::string_view what = text_at(question, "do");
  const std::string name(text_at(question, "collection"));
  if (what == "close" || what == "create") {
    const HostStatus done =
        what == "close" ? store.close() : store.create(name, text_at(question, "options"));
    if (!done) return done.error();
    return std::vector<JsonMember>{};
  }
  auto collection = store.collection(name);
  if (!collection) return collection.error();
  return ask_collection(**collection, question);
}

}  // namespace

std::string answer_question(FileStore& store, std::string_view line) {
  const auto began = std::chrono::steady_clock::now();
  const Result<Json> question = parse_json(line, kAnyLength);
  Answer answer = question ? ask(store, *question) : Answer(host_error(question.error()));
  if (!answer) {
    return write_json(Json::object({{"code", Json::string(std::string(answer.error().code))},
                                    {"message", Json::string(answer.error().message)}}));
  }
  const std::chrono::duration<double, std::milli> ms = std::chrono::steady_clock::now() - began;
  answer->insert(answer->begin(), {"ms", Json::number(ms.count())});
  return write_json(Json::object(*std::move(answer)));
}

}  // namespace corsac::native

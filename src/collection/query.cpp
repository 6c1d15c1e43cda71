#include "collection/query.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/sort.h"
#include "base/top_k.h"
#include "collection/fusion.h"
#include "collection/option_names.h"
#include "collection/validate.h"

namespace corsac::collection {
namespace {

struct Leg {
  std::vector<Hit> hits;  // best first
  std::uint64_t examined = 0;
  bool exact = true;
  FilterPath filter = FilterPath::None;
};

std::string shown(float value) {
  return std::isfinite(value) ? write_json(Json::number(double{value}))
         : std::isnan(value)  ? "NaN"
                              : "Infinity";
}

Error out_of_range(std::string_view name, const std::string& value, std::string_view accepted) {
  return {ErrorCode::InvalidArgument,
          std::string(name) + " must be " + std::string(accepted) + ", got " + value};
}

/// A query rescores with what the collection has, or not at all.
Status check_rerank(const index::IndexOptions& options, const SearchRequest& request) {
  using index::RerankStore;
  const RerankStore own =
      options.codec == index::CodecKind::F32 ? RerankStore::None : options.rerank;
  const RerankStore asked = request.rerank.value_or(own);
  if (asked == own || asked == RerankStore::None) return Done{};
  return out_of_range(
      "rerank", "\"" + std::string(option_name(asked)) + "\"",
      "\"none\" or \"" + std::string(option_name(own)) + "\", which the collection has");
}

Status check_numbers(const SearchRequest& request) {
  if (request.k < 1 || request.k > kMaxK)
    return out_of_range("k", std::to_string(request.k), "from 1 to " + std::to_string(kMaxK));
  if (request.ef > kMaxEf)
    return out_of_range("efSearch", std::to_string(request.ef),
                        "from 1 to " + std::to_string(kMaxEf));
  if (request.fetch > kMaxK)
    return out_of_range("fetch", std::to_string(request.fetch), "at most " + std::to_string(kMaxK));
  if (request.rerank_candidates > kMaxEf)
    return out_of_range("rerank.candidates", std::to_string(request.rerank_candidates),
                        "from 1 to " + std::to_string(kMaxEf));
  if (!(request.target_recall >= 0 && request.target_recall < 1))
    return out_of_range("target.recall", shown(request.target_recall), "above 0 and below 1");
  if (!(request.k1 <= 10)) return out_of_range("k1", shown(request.k1), "from 0 to 10");
  if (!(request.b <= 1)) return out_of_range("b", shown(request.b), "from 0 to 1");
  if (request.has_min_score && std::isnan(request.min_score))
    return out_of_range("minScore", "NaN", "a number");
  return Done{};
}

Status check_vector(const Form& form, std::span<const float> vector) {
  if (form.index == nullptr)
    return Error{ErrorCode::InvalidQuery, "the collection has no vectors to search"};
  if (vector.size() != form.options.dimension) {
    return Error{ErrorCode::DimensionMismatch, "the query has " + std::to_string(vector.size()) +
                                                   " dimensions, the collection " +
                                                   std::to_string(form.options.dimension)};
  }
  return validate_vector(vector);
}

Status check(const Form& form, const SearchRequest& request) {
  if (Status status = check_numbers(request); !status) return status;
  if (request.mode != Mode::Text) {
    if (Status status = check_vector(form, request.vector); !status) return status;
  }
  if (request.mode != Mode::Vector && form.text == nullptr) {
    return Error{ErrorCode::InvalidQuery, "the collection has no text to search"};
  }
  return Done{};
}

/// Under cosine every vector is as near to a zero vector as every other, and a graph cannot rank
/// that.
bool ranks_nothing(const Form& form, std::span<const float> vector) {
  return form.options.metric == Metric::Cosine &&
         std::all_of(vector.begin(), vector.end(), [](float x) { return x == 0; });
}

/// 0: the collection's.
std::size_t ef_of(const Form& form, const SearchRequest& request, std::size_t k) {
  if (request.ef > 0 || request.target_recall == 0) return request.ef;
  return form.calibration.ef_for(double{request.target_recall}, k);
}

/// The k nearest documents among `allowed` (ordinals), or among all when it is null.
Result<Leg> vector_leg(const Form& form, const SearchRequest& request, std::size_t k,
                       const Bitset* allowed) {
  Leg out;
  const index::VectorIndex& index = *form.index;
  std::optional<Bitset> slots;
  std::size_t candidates = index.live();
  if (allowed != nullptr) {
    out.filter = FilterPath::Scan;
    // The identity costs no second bitset.
    if (!form.slots.is_identity()) slots = form.slots.slots_of(*allowed);
    candidates = (slots ? *slots : *allowed).count();
  }
  if (candidates == 0) return out;
  if (Status fits = check_rerank(index.options(), request); !fits) return fits.error();
  index::VectorQuery query{.vector = request.vector,
                           .k = k,
                           .ef = ef_of(form, request, k),
                           .allowed = slots ? &*slots : allowed,
                           .allowed_count = allowed != nullptr ? candidates : 0,
                           .ordinals = {},
                           .force_scan = request.exact || ranks_nothing(form, request.vector),
                           .worker = request.worker};
  if (request.rerank == index::RerankStore::None) {
    query.candidates = 0;
  } else if (request.rerank_candidates > 0) {
    query.candidates = request.rerank_candidates;
  }
  if (!form.slots.is_identity()) query.ordinals = form.slots.owners();
  Result<index::VectorResult> found = index.search(query);
  if (!found) return found.error();
  std::uint64_t examined = found->examined;
  // A walk may strand in a part of the graph; what exists is owed all the same.
  if (found->path == index::Path::Graph && found->hits.size() < std::min(k, candidates)) {
    query.force_scan = true;
    found = index.search(query);
    if (!found) return found.error();
    examined += found->examined;
  }
  out.hits = std::move(found->hits);
  out.examined = examined;
  out.exact = found->exact;
  if (allowed != nullptr && found->path == index::Path::Graph) out.filter = FilterPath::Graph;
  return out;
}

Result<Leg> text_leg(const Form& form, const SearchRequest& request, std::size_t k,
                     const Bitset* allowed) {
  Leg out;
  if (allowed != nullptr) out.filter = FilterPath::Scan;
  text::TextQuery query = text_query(request);
  query.k = k;
  // The text index knows fewer ordinals when the last documents have no text.
  std::optional<Bitset> cut;
  if (allowed != nullptr && allowed->size() != form.text->size()) {
    cut = *allowed;
    cut->resize(form.text->size());
  }
  query.allowed = cut ? &*cut : allowed;
  Result<text::TextResult> found = form.text->search(query);
  if (!found) return found.error();
  out.hits = std::move(found->hits);
  out.examined = found->examined;
  return out;
}

/// Both lists as one, by ascending ordinal, each document once.
std::vector<ScoredDocument> merge(const std::vector<Hit>& vector, const std::vector<Hit>& text) {
  std::vector<ScoredDocument> out;
  out.reserve(vector.size() + text.size());
  for (std::uint32_t i = 0; i < vector.size(); ++i) {
    out.push_back({.ordinal = vector[i].ordinal,
                   .score = 0,
                   .vector = {vector[i].score, i + 1, true},
                   .text = {}});
  }
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    out.push_back({.ordinal = text[i].ordinal,
                   .score = 0,
                   .vector = {},
                   .text = {text[i].score, i + 1, true}});
  }
  sort_items(out, [](const auto& a, const auto& b) { return a.ordinal < b.ordinal; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (kept > 0 && out[kept - 1].ordinal == out[i].ordinal) {
      out[kept - 1].text = out[i].text;
    } else {
      out[kept++] = out[i];
    }
  }
  out.resize(kept);
  return out;
}

void complete_vectors(const Form& form, std::span<const float> query,
                      std::span<ScoredDocument> candidates) {
  std::vector<std::size_t> lacking;
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].vector.present) continue;
    const SlotRange range = form.slots.of(candidates[i].ordinal);
    if (range.count == 0) continue;
    lacking.push_back(i);
    slots.push_back(range.first);
  }
  std::vector<float> scores(slots.size());
  if (!slots.empty()) form.index->score(query, slots, scores);
  for (std::size_t i = 0; i < lacking.size(); ++i)
    candidates[lacking[i]].vector = {scores[i], 0, true};
}

void complete_texts(const Form& form, const SearchRequest& request,
                    std::span<ScoredDocument> candidates) {
  std::vector<std::size_t> lacking;
  std::vector<Ordinal> ordinals;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].text.present) continue;
    candidates[i].text = {0, 0, true};
    if (candidates[i].ordinal >= form.text->size()) continue;
    lacking.push_back(i);
    ordinals.push_back(candidates[i].ordinal);
  }
  std::vector<float> scores(ordinals.size());
  if (!ordinals.empty()) form.text->score(text_query(request), ordinals, scores);
  for (std::size_t i = 0; i < lacking.size(); ++i) candidates[lacking[i]].text.score = scores[i];
}

/// Best first, without what is below the least score, at most k.
void cut(const SearchRequest& request, std::vector<ScoredDocument>& hits) {
  if (request.has_min_score)
    std::erase_if(hits, [&](const auto& hit) { return hit.score < request.min_score; });
  sort_items(hits, [](const ScoredDocument& a, const ScoredDocument& b) {
    return ranks_before({a.ordinal, a.score}, {b.ordinal, b.score});
  });
  hits.resize(std::min(request.k, hits.size()));
}

Result<SearchResult> single(const Form& form, const SearchRequest& request, const Bitset* allowed) {
  const bool by_vector = request.mode == Mode::Vector;
  Result<Leg> leg = by_vector ? vector_leg(form, request, request.k, allowed)
                              : text_leg(form, request, request.k, allowed);
  if (!leg) return leg.error();
  SearchResult out{.hits = by_vector ? merge(leg->hits, {}) : merge({}, leg->hits),
                   .mode = request.mode,
                   .exact = leg->exact,
                   .filter = leg->filter,
                   .examined = leg->examined};
  for (ScoredDocument& hit : out.hits) hit.score = by_vector ? hit.vector.score : hit.text.score;
  cut(request, out.hits);
  return out;
}

Result<SearchResult> hybrid(const Form& form, const SearchRequest& request, const Bitset* allowed) {
  const Result<Fusion> fusion = resolve(request.fusion, form.options.hybrid_weight);
  if (!fusion) return fusion.error();
  const std::size_t fetch =
      request.fetch > 0
          ? request.fetch
          : std::min<std::size_t>(std::max(kMinFetch, kFetchPerHit * request.k), kMaxK);
  const Result<Leg> vector = vector_leg(form, request, fetch, allowed);
  if (!vector) return vector.error();
  const Result<Leg> text = text_leg(form, request, fetch, allowed);
  if (!text) return text.error();
  SearchResult out{.hits = merge(vector->hits, text->hits),
                   .mode = Mode::Hybrid,
                   .exact = vector->exact,
                   .filter = vector->filter,
                   .examined = vector->examined + text->examined};
  if (!vector->hits.empty()) complete_vectors(form, request.vector, out.hits);
  if (!text->hits.empty()) complete_texts(form, request, out.hits);
  fuse(*fusion, statistics(vector->hits), statistics(text->hits), out.hits);
  cut(request, out.hits);
  return out;
}

}  // namespace

text::TextQuery text_query(const SearchRequest& request) {
  return {.text = request.text,
          .k = request.k,
          .op = request.op,
          .prefix = request.prefix,
          .fuzzy = request.fuzzy,
          .lenient = request.lenient,
          .fields = request.fields,
          .k1 = request.k1,
          .b = request.b,
          .allowed = nullptr};
}

Bitset matching(const Form& form, const filter::Predicate* filter) {
  Bitset out =
      filter != nullptr ? form.filter.evaluate(*filter, form.size()) : Bitset(form.size(), true);
  out.subtract(form.deleted);
  return out;
}

Result<Bitset> findable(const Form& form, const SearchRequest& request) {
  if (const Status status = check(form, request); !status) return status.error();
  const Bitset allowed = matching(form, request.filter);
  std::vector<Ordinal> open;  // Whether these can be found is up to their text.
  Bitset out(allowed.size());
  allowed.for_each([&](std::size_t i) {
    const auto ordinal = static_cast<Ordinal>(i);
    if (request.mode != Mode::Text && form.slots.of(ordinal).count > 0) {
      out.set(i);
    } else if (request.mode != Mode::Vector && ordinal < form.text->size()) {
      open.push_back(ordinal);
    }
  });
  std::vector<float> scores(open.size());
  if (!open.empty()) form.text->score(text_query(request), open, scores);
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (scores[i] > 0) out.set(open[i]);
  }
  return out;
}

Result<SearchResult> answer(const Form& form, const SearchRequest& request) {
  if (const Status status = check(form, request); !status) return status.error();
  std::optional<Bitset> allowed;
  if (request.filter != nullptr) allowed = matching(form, request.filter);
  const Bitset* set = allowed ? &*allowed : nullptr;
  return request.mode == Mode::Hybrid ? hybrid(form, request, set) : single(form, request, set);
}

}  // namespace corsac::collection

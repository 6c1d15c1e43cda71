#include "collection_handle.h"

#include <cstring>

namespace corsac::bindings {
namespace {

constexpr std::uint32_t kAbsent = 0xFFFFFFFF;
constexpr std::size_t kHeaderBytes = 32;

std::uintptr_t address(const Bytes& buffer) {
  return reinterpret_cast<std::uintptr_t>(buffer.data());
}

/// Columns of four-byte values, one after another.
class ColumnWriter {
 public:
  explicit ColumnWriter(std::byte* at) : at_(at) {}

  template <class T>
  void put(T value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  void put_text(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }

 private:
  std::byte* at_;
};

std::uint32_t rank_of(const collection::LegScore& leg) { return leg.present ? leg.rank : kAbsent; }

}  // namespace

void read_text_flags(std::uint32_t flags, collection::SearchRequest& request) {
  request.op = (flags & kAllTerms) != 0 ? text::Operator::And : text::Operator::Or;
  request.prefix = (flags & kPrefix) != 0;
  request.lenient = (flags & kStrict) == 0;
  request.fuzzy = flags >> kFuzzyShift & 3;
}

std::uintptr_t CollectionHandle::reserve(std::size_t bytes) {
  if (request_.size() < bytes) request_.resize(bytes);
  return address(request_);
}

Status CollectionHandle::read_request(collection::SearchRequest& request,
                                      filter::Predicate& predicate) const {
  RequestHeader header;
  std::memcpy(&header, request_.data(), sizeof header);
  const ByteView body = ByteView(request_).subspan(sizeof header);
  const std::string_view strings = as_text(body.subspan(header.vector_floats * sizeof(float)));

  request.mode = static_cast<collection::Mode>(header.mode);
  request.vector = std::span(reinterpret_cast<const float*>(body.data()), header.vector_floats);
  request.text = strings.substr(0, header.text_bytes);
  request.k = header.k;
  request.ef = header.ef;
  request.fetch = header.fetch;
  read_text_flags(header.flags, request);
  request.k1 = header.k1;
  request.b = header.b;
  request.fusion = {.strategy = static_cast<collection::FusionStrategy>(header.fusion),
                    .vector_weight = header.vector_weight,
                    .keyword_weight = header.keyword_weight,
                    .rrf_k = header.rrf_k};
  request.min_score = header.min_score;
  request.has_min_score = (header.flags & kHasMinScore) != 0;
  request.exact = (header.flags & kExact) != 0;

  if (header.filter_bytes == 0) return Done{};
  Result<filter::Predicate> parsed =
      filter::parse_predicate(strings.substr(header.text_bytes, header.filter_bytes));
  if (!parsed) return parsed.error();
  predicate = *std::move(parsed);
  request.filter = &predicate;
  return Done{};
}

std::uintptr_t CollectionHandle::search() {
  error_.reset();
  collection::SearchRequest request;
  filter::Predicate predicate;
  if (const Status read = read_request(request, predicate); !read) {
    error_ = read.error();
    return 0;
  }
  Result<collection::SearchResult> result = collection().search(request);
  if (!result) {
    error_ = result.error();
    return 0;
  }
  RequestHeader header;
  std::memcpy(&header, request_.data(), sizeof header);
  write_answer(*result, (header.flags & kParts) != 0);
  return address(answer_);
}

Status CollectionHandle::select_found() {
  collection::SearchRequest request;
  filter::Predicate predicate;
  if (const Status read = read_request(request, predicate); !read) return read;
  Result<Bitset> documents = collection().findable(request);
  if (!documents) return documents.error();
  selected_ = *std::move(documents);
  return Done{};
}

std::string CollectionHandle::facet(const std::string& path, unsigned limit) const {
  std::string out = "[";
  for (const auto& [value, count] : collection().commonest_values(path, selected_, limit)) {
    if (out.size() > 1) out.push_back(',');
    out.append("[").append(write_json(value)).append(",").append(std::to_string(count)).append("]");
  }
  return out + "]";
}

std::uintptr_t CollectionHandle::ids(std::span<const Ordinal> ordinals) {
  collection::SearchResult result;
  result.hits.reserve(ordinals.size());
  for (const Ordinal ordinal : ordinals) result.hits.emplace_back().ordinal = ordinal;
  write_answer(result, false);
  return address(answer_);
}

std::uintptr_t CollectionHandle::documents(std::span<const Ordinal> ordinals) {
  error_.reset();
  answer_.resize(sizeof(std::uint32_t) * (1 + 3 * ordinals.size()));
  ColumnWriter(answer_.data()).put(static_cast<std::uint32_t>(ordinals.size()));
  for (std::size_t i = 0; i < ordinals.size(); ++i) {
    const Result<document::DocumentView> view = collection().read(ordinals[i]);
    if (!view) {
      error_ = view.error();
      return 0;
    }
    ColumnWriter row(answer_.data() + sizeof(std::uint32_t) * (1 + 3 * i));
    row.put(static_cast<std::uint32_t>((view->has_content ? 1 : 0) | (view->has_metadata ? 2 : 0)));
    row.put(static_cast<std::uint32_t>(view->content.size()));
    row.put(static_cast<std::uint32_t>(view->metadata.size()));
    for (const std::string_view text : {view->content, view->metadata}) {
      const ByteView bytes = as_byte_view(text);
      answer_.insert(answer_.end(), bytes.begin(), bytes.end());
    }
  }
  return address(answer_);
}

void CollectionHandle::write_answer(const collection::SearchResult& result, bool parts) {
  const collection::Collection& from = collection();
  std::size_t id_bytes = 0;
  for (const auto& hit : result.hits) id_bytes += from.id(hit.ordinal).size();
  answer_.resize(kHeaderBytes + result.hits.size() * sizeof(float) * (parts ? 9 : 3) + id_bytes);

  ColumnWriter out(answer_.data());
  out.put(static_cast<std::uint32_t>(result.hits.size()));
  out.put(static_cast<std::uint32_t>(result.mode));
  out.put(static_cast<std::uint32_t>(result.exact));
  out.put(static_cast<std::uint32_t>(result.filter));
  out.put(static_cast<double>(result.examined));
  out.put(static_cast<std::uint32_t>(id_bytes));
  out.put(static_cast<std::uint32_t>(parts));
  for (const auto& hit : result.hits) out.put(hit.ordinal);
  for (const auto& hit : result.hits) out.put(hit.score);
  std::uint32_t end = 0;
  for (const auto& hit : result.hits)
    out.put(end += static_cast<std::uint32_t>(from.id(hit.ordinal).size()));
  if (parts) {
    for (const auto& hit : result.hits) out.put(hit.vector.score);
    for (const auto& hit : result.hits) out.put(rank_of(hit.vector));
    for (const auto& hit : result.hits) out.put(hit.text.score);
    for (const auto& hit : result.hits) out.put(rank_of(hit.text));
    for (const auto& hit : result.hits) out.put(hit.vector_share);
    for (const auto& hit : result.hits) out.put(hit.text_share);
  }
  for (const auto& hit : result.hits) out.put_text(from.id(hit.ordinal));
}

}  // namespace corsac::bindings

#include "collection_handle.h"

#include <cstring>

namespace corsac::bindings {
namespace {

constexpr std::uint32_t kAbsent = 0xFFFFFFFF;
constexpr std::size_t kHeaderBytes = 32;

std::uintptr_t address(const Bytes& buffer) { return reinterpret_cast<std::uintptr_t>(buffer.data()); }

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

std::uintptr_t CollectionHandle::reserve(std::size_t bytes) {
  if (request_.size() < bytes) request_.resize(bytes);
  return address(request_);
}

std::uintptr_t CollectionHandle::search(const SearchArguments& arguments) {
  const auto* floats = reinterpret_cast<const float*>(request_.data());
  const std::string_view strings = as_text(ByteView(request_).subspan(arguments.vectorFloats * sizeof(float)));
  error_.reset();

  collection::SearchRequest request;
  request.mode = static_cast<collection::Mode>(arguments.mode);
  request.vector = std::span(floats, arguments.vectorFloats);
  request.text = strings.substr(0, arguments.textBytes);
  request.k = arguments.k;
  request.ef = arguments.ef;
  request.op = arguments.allTerms ? text::Operator::And : text::Operator::Or;
  request.prefix = arguments.prefix;
  request.k1 = arguments.k1;
  request.b = arguments.b;
  request.fusion = {.strategy = static_cast<collection::FusionStrategy>(arguments.fusion),
                    .vector_weight = arguments.vectorWeight,
                    .keyword_weight = arguments.keywordWeight,
                    .rrf_k = arguments.rrfK};
  request.min_score = arguments.minScore;
  request.has_min_score = arguments.hasMinScore;
  request.exact = arguments.exact;

  filter::Predicate predicate;
  if (arguments.filterBytes > 0) {
    Result<filter::Predicate> parsed =
        filter::parse_predicate(strings.substr(arguments.textBytes, arguments.filterBytes));
    if (!parsed) {
      error_ = parsed.error();
      return 0;
    }
    predicate = *std::move(parsed);
    request.filter = &predicate;
  }

  Result<collection::SearchResult> result = collection().search(request);
  if (!result) {
    error_ = result.error();
    return 0;
  }
  write_answer(*result, arguments.parts);
  return address(answer_);
}

std::uintptr_t CollectionHandle::ids(std::span<const Ordinal> ordinals) {
  collection::SearchResult result;
  result.hits.reserve(ordinals.size());
  for (const Ordinal ordinal : ordinals) result.hits.emplace_back().ordinal = ordinal;
  write_answer(result, false);
  return address(answer_);
}

void CollectionHandle::write_answer(const collection::SearchResult& result, bool parts) {
  const collection::Collection& from = collection();
  std::size_t id_bytes = 0;
  for (const auto& hit : result.hits) id_bytes += from.id(hit.ordinal).size();
  answer_.resize(kHeaderBytes + result.hits.size() * sizeof(float) * (parts ? 7 : 3) + id_bytes);

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
  for (const auto& hit : result.hits) out.put(end += static_cast<std::uint32_t>(from.id(hit.ordinal).size()));
  if (parts) {
    for (const auto& hit : result.hits) out.put(hit.vector.score);
    for (const auto& hit : result.hits) out.put(rank_of(hit.vector));
    for (const auto& hit : result.hits) out.put(hit.text.score);
    for (const auto& hit : result.hits) out.put(rank_of(hit.text));
  }
  for (const auto& hit : result.hits) out.put_text(from.id(hit.ordinal));
}

}  // namespace corsac::bindings

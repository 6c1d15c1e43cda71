#include "collection_handle.h"

#include <cstring>

#include "workers.h"

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
  request.fields = flags >> kFieldsShift;
}

std::uintptr_t CollectionHandle::reserve(std::size_t bytes) {
  if (request_.size() < bytes) request_.resize(bytes);
  return address(request_);
}

Status CollectionHandle::read_question(ByteView from, Question& out) {
  RequestHeader header;
  std::memcpy(&header, from.data(), sizeof header);
  const ByteView body = from.subspan(sizeof header);
  const std::size_t vector_bytes = header.vector_floats * sizeof(float);
  const std::string_view strings = as_text(body.subspan(vector_bytes));

  collection::SearchRequest& request = out.request;
  request.mode = static_cast<collection::Mode>(header.mode);
  request.vector = std::span(reinterpret_cast<const float*>(body.data()), header.vector_floats);
  request.text = strings.substr(0, header.text_bytes);
  request.k = header.k;
  request.ef = header.ef;
  if (header.rerank >> 24 != 0)
    request.rerank = static_cast<index::RerankStore>((header.rerank >> 24) - 1);
  request.rerank_candidates = header.rerank & 0xFFFFFF;
  request.fetch = header.fetch;
  read_text_flags(header.flags, request);
  request.k1 = header.k1;
  request.b = header.b;
  request.fusion = {.strategy = static_cast<collection::FusionStrategy>(header.fusion),
                    .vector_weight = header.vector_weight,
                    .keyword_weight = header.keyword_weight,
                    .rrf_k = header.rrf_k};
  request.min_score = header.min_score;
  request.target_recall = header.target_recall;
  request.has_min_score = (header.flags & kHasMinScore) != 0;
  request.exact = (header.flags & kExact) != 0;
  out.parts = (header.flags & kParts) != 0;
  out.bytes = sizeof header + vector_bytes + header.text_bytes + header.filter_bytes;

  if (header.filter_bytes == 0) return Done{};
  Result<filter::Predicate> parsed =
      filter::parse_predicate(strings.substr(header.text_bytes, header.filter_bytes));
  if (!parsed) return parsed.error();
  out.predicate = *std::move(parsed);
  request.filter = &out.predicate;
  return Done{};
}

std::uintptr_t CollectionHandle::search() {
  error_.reset();
  Question question;
  if (const Status read = read_question(request_, question); !read) {
    error_ = read.error();
    return 0;
  }
  Result<collection::SearchResult> result = collection().search(question.request);
  if (!result) {
    error_ = result.error();
    return 0;
  }
  write_answer(*result, question.parts, answer_);
  return address(answer_);
}

std::uintptr_t CollectionHandle::search_many(unsigned count) {
  error_.reset();
  std::vector<Question> questions(count);
  std::size_t at = 0;
  for (Question& question : questions) {
    if (Status read = read_question(ByteView(request_).subspan(at), question); !read) {
      error_ = read.error();
      return 0;
    }
    at += (question.bytes + 7) / 8 * 8;
  }
  if (Status answered = answer_all(questions); !answered) {
    error_ = answered.error();
    return 0;
  }
  addresses_.clear();
  for (const Bytes& answer : answers_)
    addresses_.push_back(static_cast<std::uint32_t>(address(answer)));
  return reinterpret_cast<std::uintptr_t>(addresses_.data());
}

Status CollectionHandle::answer_all(std::span<Question> questions) {
  std::vector<std::optional<Result<collection::SearchResult>>> results(questions.size());
  budget_of(0).parallel_for(questions.size(), [&](std::size_t worker, std::size_t i) {
    // Text indexes bring themselves up to date when they are asked: one worker asks them.
    if (questions[i].request.mode != collection::Mode::Vector) return;
    questions[i].request.worker = worker;
    results[i] = collection().search(questions[i].request);
  });
  answers_.resize(questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (!results[i]) results[i] = collection().search(questions[i].request);
    if (!*results[i]) return results[i]->error();
    write_answer(**results[i], questions[i].parts, answers_[i]);
  }
  return Done{};
}

Status CollectionHandle::select_found() {
  Question question;
  if (const Status read = read_question(request_, question); !read) return read;
  Result<Bitset> documents = collection().findable(question.request);
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
  write_answer(result, false, answer_);
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

void CollectionHandle::write_answer(const collection::SearchResult& result, bool parts,
                                    Bytes& bytes) const {
  const collection::Collection& from = collection();
  std::size_t id_bytes = 0;
  for (const auto& hit : result.hits) id_bytes += from.id(hit.ordinal).size();
  bytes.resize(kHeaderBytes + result.hits.size() * sizeof(float) * (parts ? 9 : 3) + id_bytes);

  ColumnWriter out(bytes.data());
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

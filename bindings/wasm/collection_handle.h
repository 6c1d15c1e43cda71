// What JavaScript holds of an open collection: the durable collection and the two buffers by which
// a search crosses the seam without an allocation. JavaScript writes a request into reserve() and
// reads the answer where search() says; js/core/hit-block.ts mirrors both layouts.
//
//   request := the 18 words of RequestHeader, f32 vector[vector_floats], UTF-8 text, UTF-8 filter
//   (JSON) answer  := u32 count, u32 mode, u32 exact, u32 filter path, f64 examined, u32 id bytes,
//   u32 parts (0, 1),
//              u32 ordinal[count], f32 score[count], u32 end of id[count],
//              with parts: f32 vector score[count], u32 vector rank[count], f32 text score[count],
//              u32 text rank[count] (a leg without the document has rank 0xFFFFFFFF),
//              f32 vector share[count], f32 text share[count],
//              UTF-8 ids one after another
//   documents := u32 count, { u32 flags (1 content, 2 metadata), u32 content bytes, u32 metadata
//   bytes }[count],
//              UTF-8 contents and metadata (JSON), document by document
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "marshal.h"
#include "storage/durable_collection.h"

namespace corsac::bindings {

/// The scalars of one search, as js/engine/searcher.ts writes them.
struct RequestHeader {
  std::uint32_t mode, k, ef, vector_floats, text_bytes, filter_bytes;
  std::uint32_t flags;  ///< of kAllTerms ... kParts
  std::uint32_t fusion;
  float k1, b, vector_weight, keyword_weight, rrf_k, min_score;
  std::uint32_t fetch;   ///< candidates per leg of a hybrid search; 0: by k
  std::uint32_t rerank;  ///< high byte: 1 + store, 0 as the collection does; below: candidates
  float target_recall;
  std::uint32_t unused;
};
static_assert(sizeof(RequestHeader) == 72);

inline constexpr std::uint32_t kAllTerms = 1, kPrefix = 2, kHasMinScore = 4, kExact = 8,
                               kParts = 16, kStrict = 32, kFuzzyShift = 6,  // Two bits of edits.
    kFieldsShift = 8;

/// What the flags say of the text.
void read_text_flags(std::uint32_t flags, collection::SearchRequest& request);

class CollectionHandle {
 public:
  explicit CollectionHandle(std::unique_ptr<storage::DurableCollection> durable)
      : durable_(std::move(durable)) {}

  storage::DurableCollection& durable() const noexcept { return *durable_; }
  collection::Collection& collection() const noexcept { return durable_->collection(); }

  /// Address of `bytes` writable bytes, valid until the next call.
  std::uintptr_t reserve(std::size_t bytes);
  /// Answers what was written into the reserved bytes: the address of the answer; 0 when it failed:
  /// see error(). Requires: a whole request was written.
  std::uintptr_t search();
  /// Answers `count` requests that were written one after another, each from a multiple of 8 bytes:
  /// the address of u32 address[count] of their answers; 0 when one failed, which is the first.
  std::uintptr_t search_many(unsigned count);
  /// Chooses the documents that facet() counts: those that the request in the reserved bytes could
  /// find, or those that satisfy a filter.
  Status select_found();
  void select(const filter::Predicate* filter) { selected_ = collection().matching(filter); }
  /// The commonest values at a path among the chosen documents, as JSON: [[value, count], ...].
  std::string facet(const std::string& path, unsigned limit) const;
  /// Address of an answer with the ids of `ordinals` and scores of 0.
  std::uintptr_t ids(std::span<const Ordinal> ordinals);
  /// Address of the documents of `ordinals`; 0 when it failed. Requires: no block of theirs is
  /// missing.
  std::uintptr_t documents(std::span<const Ordinal> ordinals);
  const std::optional<Error>& error() const noexcept { return error_; }

  bool apply(Budget& budget) { return durable_->apply(budget, affected_); }
  std::vector<std::uint64_t> take_affected() { return std::exchange(affected_, {}); }

 private:
  /// A request as it was read; its filter is the predicate beside it.
  struct Question {
    collection::SearchRequest request;
    filter::Predicate predicate;
    bool parts = false;
    std::size_t bytes = 0;  // that it took
  };
  static Status read_question(ByteView from, Question& out);
  Status answer_all(std::span<Question> questions);
  void write_answer(const collection::SearchResult& result, bool parts, Bytes& bytes) const;

  std::unique_ptr<storage::DurableCollection> durable_;
  Bytes request_;
  Bytes answer_;
  std::vector<Bytes> answers_;  // of search_many
  std::vector<std::uint32_t> addresses_;
  std::optional<Error> error_;
  Bitset selected_;
  std::vector<std::uint64_t> affected_;
};

/// { outcome, lastSequence, replayed, dropped, detail }
val open_report(const storage::OpenReport& report);

}  // namespace corsac::bindings

#include "text/required_search.h"

#include <algorithm>
#include <vector>

namespace corsac::text {
namespace {

class RequiredSearch {
 public:
  RequiredSearch(OpenQuery& query, const Eligible& eligible, TopK& best)
      : query_(query), eligible_(eligible), best_(best), slack_(query.lists().size()) {
    choose_lead();
  }

  void run() {
    for (std::uint32_t document; (document = next()) != ScoredCursor::kEnd;) {
      const float bar = bar_of(best_);
      if (bar > 0 && cannot_pass(document, bar)) {
        for (ScoredCursor* cursor : lead_) cursor->seek(last_ + 1);
        continue;
      }
      const Ordinal ordinal = query_.segment().first() + document;
      if (eligible_(ordinal)) {
        const float score = query_.score(document);
        if (score > bar) best_.push({ordinal, score});
      }
      for (ScoredCursor* cursor : lead_) cursor->seek(document + 1);
    }
  }

 private:
  // The lists of the requirement that the fewest documents meet.
  void choose_lead() {
    std::uint64_t fewest = 0;
    for (const OpenQuery::List& list : query_.lists()) {
      if (!list.required) continue;
      std::uint64_t documents = 0;
      for (const OpenQuery::List& other : query_.lists())
        documents += other.clause == list.clause ? other.documents : 0;
      if (copies_.empty() || documents < fewest) {
        fewest = documents;
        copies_.clear();
        for (const OpenQuery::List& other : query_.lists()) {
          if (other.clause == list.clause) copies_.push_back(other.cursor);
        }
      }
    }
    for (ScoredCursor& cursor : copies_) lead_.push_back(&cursor);
  }

  std::uint32_t next() const {
    std::uint32_t document = ScoredCursor::kEnd;
    for (const ScoredCursor* cursor : lead_) document = std::min(document, cursor->document());
    return document;
  }

  // Bounds of the blocks around the document, which hold up to last_.
  bool cannot_pass(std::uint32_t document, float bar) {
    if (document > last_ || !bounded_) {
      bounded_ = true;
      bound_ = 0;
      last_ = ScoredCursor::kEnd - 1;
      for (OpenQuery::List& list : query_.lists()) {
        const ScoredCursor::Reach reach = list.cursor.reach(document);
        bound_ += reach.bound;
        last_ = std::min(last_, reach.last);
      }
    }
    return slack_.cannot_pass(bound_, bar);
  }

  OpenQuery& query_;
  const Eligible& eligible_;
  TopK& best_;
  Slack slack_;
  std::vector<ScoredCursor> copies_;
  std::vector<ScoredCursor*> lead_;  // Cursors of their own: those of the query stay behind.
  bool bounded_ = false;
  float bound_ = 0;
  std::uint32_t last_ = 0;
};

}  // namespace

void search_required(OpenQuery& query, const Eligible& eligible, TopK& best) {
  RequiredSearch(query, eligible, best).run();
}

}  // namespace corsac::text

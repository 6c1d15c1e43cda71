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
      const Ordinal ordinal = query_.segment().first() + document;
      if (!(bar > 0 && cannot_pass(document, bar)) && eligible_(ordinal)) {
        const float score = query_.score(document);
        if (score > bar) best_.push({ordinal, score});
      }
      for (const std::size_t i : lead_) query_.lists()[i].cursor.seek(document + 1);
    }
  }

 private:
  // The lists of the requirement that the fewest documents meet.
  void choose_lead() {
    const auto& lists = query_.lists();
    std::uint64_t fewest = 0;
    for (const OpenQuery::List& list : lists) {
      if (!list.required) continue;
      std::uint64_t documents = 0;
      for (const OpenQuery::List& other : lists)
        documents += other.clause == list.clause ? other.documents : 0;
      if (!lead_.empty() && documents >= fewest) continue;
      fewest = documents;
      lead_.clear();
      most_ = 0;
      for (std::size_t i = 0; i < lists.size(); ++i) {
        if (lists[i].clause == list.clause) {
          lead_.push_back(i);
        } else {
          most_ += lists[i].highest;
        }
      }
    }
    has_blocks_ = fewest > kBlockSize;
  }

  // The next document of the lead; a single list passes over those whose share is too small.
  std::uint32_t next() {
    auto& lists = query_.lists();
    if (lead_.size() == 1) return next_of(lists[lead_.front()].cursor);
    std::uint32_t document = ScoredCursor::kEnd;
    for (const std::size_t i : lead_) document = std::min(document, lists[i].cursor.document());
    return document;
  }

  std::uint32_t next_of(ScoredCursor& lead) {
    const float needed = bar_of(best_) / slack_.factor;
    for (;;) {
      lead.seek_above(needed - most_);
      const std::uint32_t document = lead.document();
      if (document == ScoredCursor::kEnd || !has_blocks_) return document;
      if (document >= until_) bound_others(document, lead.last_in_block() + 1);
      if (lead.score() > needed - others_) return document;
      lead.seek(document + 1);
    }
  }

  // What the other lists may add to documents of [begin, end).
  void bound_others(std::uint32_t begin, std::uint32_t end) {
    until_ = end;
    others_ = 0;
    for (OpenQuery::List& list : query_.lists()) {
      if (&list != &query_.lists()[lead_.front()]) others_ += list.cursor.bound_within(begin, end);
    }
  }

  // By the lead's own share and the bounds of the blocks that the document lies in, unread.
  bool cannot_pass(std::uint32_t document, float bar) {
    auto& lists = query_.lists();
    float bound = 0;
    for (const std::size_t i : lead_) {
      ScoredCursor& cursor = lists[i].cursor;
      if (cursor.document() == document) bound += cursor.score();
    }
    for (OpenQuery::List& list : lists) {
      if (list.clause != lists[lead_.front()].clause) bound += list.cursor.reach(document).bound;
    }
    return slack_.cannot_pass(bound, bar);
  }

  OpenQuery& query_;
  const Eligible& eligible_;
  TopK& best_;
  Slack slack_;
  std::vector<std::size_t> lead_;  // Lists.
  bool has_blocks_ = false;        // Whether bounds of the others block by block are worth it.
  float most_ = 0;                 // No shares of the rest are larger together.
  float others_ = 0;               // The same for the lead's block, which ends before until_.
  std::uint32_t until_ = 0;
};

}  // namespace

void search_required(OpenQuery& query, const Eligible& eligible, TopK& best) {
  RequiredSearch(query, eligible, best).run();
}

}  // namespace corsac::text

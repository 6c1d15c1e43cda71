#include "text/union_search.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace corsac::text {
namespace {

constexpr std::uint32_t kWindow = ScoredCursor::kWindow;

class UnionSearch {
 public:
  UnionSearch(OpenQuery& query, const Eligible& eligible, TopK& best)
      : query_(query),
        eligible_(eligible),
        best_(best),
        slack_(query.lists().size()),
        bounds_(query.lists().size()),
        rest_(query.lists().size() + 1),
        window_(kWindow) {}

  void run() {
    const std::uint32_t span = query_.segment().span();
    for (std::uint32_t begin = 0; begin < span; begin += kWindow) {
      const std::uint32_t end = std::min(begin + kWindow, span);
      const float bar = bar_of(best_);
      bound(begin, end);
      if (slack_.cannot_pass(rest_[0], bar)) continue;
      const std::size_t essential = count_essential(bar);
      accumulate(essential, begin, end, bar);
      collect(essential, begin, end);
    }
  }

 private:
  // Upper bounds of each list's shares in the window; rest_[i] of all from the i-th on.
  void bound(std::uint32_t begin, std::uint32_t end) {
    auto& lists = query_.lists();
    rest_.back() = 0;
    for (std::size_t i = lists.size(); i-- > 0;) {
      bounds_[i] = lists[i].cursor.bound_within(begin, end);
      rest_[i] = rest_[i + 1] + bounds_[i];
    }
  }

  // No document that is in none of the first lists, of which this many, can pass the bar.
  std::size_t count_essential(float bar) const {
    std::size_t essential = bounds_.size();
    while (essential > 0 && slack_.cannot_pass(rest_[essential - 1], bar)) --essential;
    return essential;
  }

  void accumulate(std::size_t essential, std::uint32_t begin, std::uint32_t end, float bar) {
    std::fill(window_.begin(), window_.end(), 0.0f);
    for (std::size_t i = 0; i < essential; ++i) {
      if (bounds_[i] == 0) continue;
      OpenQuery::List& list = query_.lists()[i];
      list.cursor.seek(begin);
      const float others = rest_[0] - bounds_[i];
      list.cursor.add_to(window_.data(), begin, end, bar / slack_.factor - others);
    }
  }

  void collect(std::size_t essential, std::uint32_t begin, std::uint32_t end) {
    constexpr std::uint32_t kStride = 16;
    for (std::uint32_t start = 0; start < end - begin; start += kStride) {
      const float needed = bar_of(best_) / slack_.factor - rest_[essential];
      const float* scores = window_.data() + start;
      std::uint32_t above = 0;
      for (std::uint32_t i = 0; i < kStride; ++i) above |= scores[i] > needed ? 1u : 0u;
      if (above == 0) continue;
      for (std::uint32_t i = 0; i < kStride; ++i) {
        if (!(scores[i] > 0 && scores[i] > needed)) continue;
        complete(essential, begin + start + i, scores[i]);
      }
    }
  }

  // Adds the shares of the lists that were not accumulated, as long as it can still pass the bar.
  void complete(std::size_t essential, std::uint32_t document, float score) {
    const float bar = bar_of(best_);
    const Ordinal ordinal = query_.segment().first() + document;
    if (slack_.cannot_pass(score + rest_[essential], bar) || !eligible_(ordinal)) return;
    auto& lists = query_.lists();
    for (std::size_t i = essential; i < lists.size(); ++i) {
      if (bounds_[i] == 0) continue;
      ScoredCursor& cursor = lists[i].cursor;
      const float others = rest_[i + 1];
      if (slack_.cannot_pass(score + others + cursor.reach(document).bound, bar)) return;
      cursor.seek(document);
      if (cursor.document() == document) score += cursor.score();
    }
    if (score > bar && !query_.is_excluded(document)) best_.push({ordinal, score});
  }

  OpenQuery& query_;
  const Eligible& eligible_;
  TopK& best_;
  Slack slack_;
  std::vector<float> bounds_;  // [lists]
  std::vector<float> rest_;    // [lists + 1]
  std::vector<float> window_;  // [kWindow]
};

}  // namespace

void search_union(OpenQuery& query, const Eligible& eligible, TopK& best) {
  UnionSearch(query, eligible, best).run();
}

void search_list(OpenQuery& query, const Eligible& eligible, TopK& best) {
  ScoredCursor& cursor = query.lists().front().cursor;
  for (;;) {
    cursor.seek_above(bar_of(best));
    const std::uint32_t document = cursor.document();
    if (document == ScoredCursor::kEnd) return;
    const Ordinal ordinal = query.segment().first() + document;
    if (eligible(ordinal) && !query.is_excluded(document)) best.push({ordinal, cursor.score()});
    cursor.seek(document + 1);
  }
}

}  // namespace corsac::text

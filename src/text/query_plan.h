// What must be read to answer a query, and what does each term weigh? Resolved once per query
// against all segments, because idf and the average length belong to the whole collection.
//
// Lists stand by descending weight, equal ones in the order of the query, and every score is the
// sum of its shares in that order: the lists that may be skipped are the last ones, so a pruned
// search adds in the same order as an exhaustive one and agrees with it to the bit.
#pragma once

#include <span>
#include <vector>

#include "text/query_term.h"
#include "text/segment.h"
#include "text/text_index.h"

namespace corsac::text {

/// One query term in one field: a list of documents with their share of the score.
struct ListPlan {
  std::uint32_t clause = 0;  ///< the number of its query term
  std::uint32_t field = 0;   ///< 0: the content
  float weight = 0;          ///< no share is larger
  float word_weight = 0;     ///< of the phrase: its words' weights together
  std::uint32_t slop = 0;
  float group_weight = 0;  ///< every expansion weighs as a term of all their documents together
};

/// A term that a prefix or a fuzzy word stands for.
struct Expansion {
  TermPostings postings;
  float scale = 1;  ///< of the group's weight
};

/// A word of a phrase.
struct PhraseList {
  TermPostings postings;
  std::uint32_t offset = 0;
  Bytes scratch;
  ByteView positions;  ///< into the segment or the scratch
};

/// A ListPlan in one segment.
struct SegmentList {
  TermPostings word;
  std::vector<Expansion> expansions;
  std::vector<PhraseList> phrase;  ///< empty too when the segment lacks one of its words
};

struct SegmentPlan {
  const Segment* segment = nullptr;
  std::vector<SegmentList> lists;  ///< [plan.lists]
};

struct QueryPlan {
  std::vector<Occur> clauses;     ///< [query terms]
  std::vector<ListPlan> lists;    ///< in the order of summation
  std::vector<LengthNorm> norms;  ///< [fields, the content first]
  std::vector<SegmentPlan> segments;
};

struct Ranking {
  float k1;
  float b;
  std::span<const TextField> fields;  ///< beside the content
  std::uint32_t searched;             ///< as TextQuery::fields
};

/// The segments must outlive the plan and not change.
QueryPlan plan_query(std::span<const QueryTerm> terms, std::span<const Segment* const> segments,
                     const Ranking& ranking);

}  // namespace corsac::text

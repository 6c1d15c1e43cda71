// The answer of one form to one question: filter to bitset, one or two legs, completion, fusion,
// cut.
#pragma once

#include "base/result.h"
#include "collection/form.h"
#include "collection/search.h"

namespace corsac::collection {

/// Hybrid search fetches this many per leg, or kFetchPerHit for each hit asked for, if that is
/// more.
inline constexpr std::size_t kMinFetch = 100;
inline constexpr std::size_t kFetchPerHit = 5;

/// Fails with: InvalidArgument (a number out of range), DimensionMismatch, InvalidQuery (a leg the
/// collection does not have, a text it cannot read).
Result<SearchResult> answer(const Form& form, const SearchRequest& request);

/// The text part of a request.
text::TextQuery text_query(const SearchRequest& request);

/// The documents that `request` could find if k had no end: those that its filter leaves and that
/// have a vector, match the text, or either under hybrid. Fails as answer() does.
Result<Bitset> findable(const Form& form, const SearchRequest& request);

/// The live documents that satisfy `filter`, all when it is null.
Bitset matching(const Form& form, const filter::Predicate* filter);

}  // namespace corsac::collection

// May another index, or codes that learn anew, take the place of what a collection has?
#pragma once

#include <span>
#include <string_view>

#include "collection/form.h"

namespace corsac::collection {

/// The options of `form` with the index of `json` (options.h; `dimension`, `metric` and `index` are
/// read). Fails with: InvalidQuery (no vectors), InvalidArgument (no index; an index finer than
/// what is left of the vectors; a sample for codes that learn nothing, or not finite),
/// DimensionMismatch.
Result<CollectionOptions> rebuilt_options(const Form& form, std::string_view json,
                                          std::span<const float> sample);

}  // namespace corsac::collection

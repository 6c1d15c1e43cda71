// What is refused before any work, the same way by every kind of index.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "base/section.h"
#include "index/vector_index.h"

namespace corsac::index {

/// Fails with: InvalidArgument naming the option, its value and its range.
Status check_options(const IndexOptions& options);

/// Requires: `allowed`, when given, is over `size` slots.
/// Fails with: DimensionMismatch, naming both lengths.
Status check_query(const IndexOptions& options, std::size_t size, const VectorQuery& query);

/// Empties every section of an index: what an earlier one wrote there must not be appended to.
void restart_sections(SectionSink& sink);

}  // namespace corsac::index

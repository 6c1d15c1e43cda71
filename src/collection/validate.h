// Can this operation be applied? Everything that could be wrong with it is found here, before it is
// durable, so that applying it cannot fail.
#pragma once

#include <span>

#include "base/result.h"
#include "collection/form.h"
#include "collection/operation.h"
#include "collection/pending_ids.h"

namespace corsac::collection {

/// Longest vector taken: the scores of any two stay far inside f32.
inline constexpr double kMaxVectorLength = 1e18;

/// Positions count from 0. Fails with: InvalidArgument, DimensionMismatch, AlreadyExists, NotFound.
Status validate_operation(const Form& form, const PendingIds& pending, const Operation& operation);

/// Finite, and no longer than kMaxVectorLength. Fails with: InvalidArgument naming the component.
Status validate_vector(std::span<const float> vector);

/// Whether queries [n x dimension] can be measured.
/// Fails with: InvalidQuery (no vectors), DimensionMismatch, InvalidArgument (not finite).
Status validate_sample(const Form& form, std::span<const float> sample);

}  // namespace corsac::collection

// How few bytes can a vector be? A codec is the codes of all vectors in flat arrays, and what
// scores them: a query is prepared once and then meets many codes, all codes of one hop in one
// call.
//
// A codec has two scores. `score` is for walking a graph and scanning; `score_precise` is what a
// hit shows. They are the same for a codec without rerank bits. Higher is nearer, whatever the
// metric.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "base/result.h"
#include "base/section.h"
#include "base/types.h"

namespace corsac::codec {

/// Scores of very long vectors overflow. A ranking needs numbers: the infinities become the largest
/// and the lowest float, and what is no number the lowest.
constexpr float rankable(float score) noexcept {
  constexpr float kMost = std::numeric_limits<float>::max();
  return score > -kMost ? (score < kMost ? score : kMost) : -kMost;
}

template <class C>
concept Codec = requires(C codes, const C view, typename C::Query query,
                         std::span<const float> vectors, std::span<const Slot> slots,
                         std::span<float> scores, std::span<float> out, Slot slot,
                         SectionSink& sink, const SectionSource& source, std::size_t count) {
  requires std::default_initializable<typename C::Query>;  // reusable; preparing again allocates
                                                           // nothing
  { C::kHasPlane } -> std::convertible_to<bool>;           // score_precise differs from score
  { view.dimension() } -> std::same_as<std::size_t>;
  { view.size() } -> std::same_as<std::size_t>;
  { codes.append(vectors) } -> std::same_as<void>;             // [? x dimension], finite
  { view.prepare(vectors, query) } -> std::same_as<void>;      // [dimension], finite
  { view.prepare_stored(slot, query) } -> std::same_as<void>;  // valid until the next append
  { view.score(query, slots, scores) } -> std::same_as<void>;
  { view.score_precise(query, slots, scores) } -> std::same_as<void>;
  { view.decode(slot, out) } -> std::same_as<void>;
  { view.fingerprint(slot) } -> std::same_as<std::uint64_t>;  // equal for equal codes
  { view.same_code(slot, slot) } -> std::same_as<bool>;  // equal bytes, so equal scores to anything
  { codes.save(sink) } -> std::same_as<void>;
  { codes.load(source, count) } -> std::same_as<Status>;
  { view.code_bytes() } -> std::same_as<std::uint64_t>;    // resident, read by score
  { view.rerank_bytes() } -> std::same_as<std::uint64_t>;  // resident, read by score_precise only
};

}  // namespace corsac::codec

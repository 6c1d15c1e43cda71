// How few bytes can a vector be? A codec is the codes of all vectors in flat arrays, and what
// scores them: a query is prepared once and then meets many codes, all codes of one hop in one
// call. So a call through this class costs once per hop, not once per code, and every index is
// compiled once for all codecs.
//
// A codec has two scores. `score` is for walking a graph and scanning; `score_precise` is what a
// hit shows. They are the same for a codec without rerank bits. Higher is nearer, whatever the
// metric.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "base/budget.h"
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

/// What a codec makes of a query, for itself alone. Reusable: preparing again with the same codec
/// allocates nothing.
class Query {
 public:
  /// Each codec derives its own.
  struct Prepared {
    virtual ~Prepared() = default;
    bool is_zero = false;  ///< every code has the same score
  };

  bool is_zero() const noexcept { return prepared_->is_zero; }

  /// Requires: only one codec, which knows its T, ever prepares this query.
  template <class T>
  T& reuse() {
    if (prepared_ == nullptr) prepared_ = std::make_unique<T>();
    return static_cast<T&>(*prepared_);
  }
  /// Requires: it was prepared.
  template <class T>
  const T& as() const noexcept {
    return static_cast<const T&>(*prepared_);
  }

 private:
  std::unique_ptr<Prepared> prepared_;
};

class Codec {
 public:
  virtual ~Codec() = default;

  std::size_t dimension() const noexcept { return dimension_; }
  /// Codes stored.
  virtual std::size_t size() const noexcept = 0;
  /// Whether score_precise differs from score.
  virtual bool has_precise_score() const noexcept = 0;
  /// Whether score is that of the vectors themselves.
  virtual bool is_lossless() const noexcept = 0;

  /// Encodes vectors, row-major [? x dimension], all finite.
  virtual void append(std::span<const float> vectors) = 0;

  /// `vector` [dimension], finite.
  virtual void prepare(std::span<const float> vector, Query& query) const = 0;
  /// A stored code as the query, for linking codes with each other; valid until the next append.
  /// score_precise takes no such query.
  virtual void prepare_stored(Slot slot, Query& query) const = 0;
  /// One score for each slot; scores.size() >= slots.size().
  virtual void score(const Query& query, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept = 0;
  virtual void score_precise(const Query& query, std::span<const Slot> slots,
                             std::span<float> scores) const noexcept = 0;

  /// How far the score of a prepared vector may lie from the true one, in nineteen cases of twenty.
  virtual float error(const Query&, Slot) const noexcept {
    return std::numeric_limits<float>::max();
  }
  /// How many of the best by score hold the k best vectors, but for very few.
  virtual std::size_t candidates(std::size_t k) const noexcept = 0;

  /// The vector as the precise code remembers it, normalised under cosine, into out [dimension].
  virtual void decode(Slot slot, std::span<float> out) const = 0;

  /// Equal for equal codes.
  virtual std::uint64_t fingerprint(Slot slot) const noexcept = 0;
  /// Whether their bytes are equal, so that they have equal scores to anything.
  virtual bool same_code(Slot a, Slot b) const noexcept = 0;

  /// What it has learnt from vectors; empty: nothing, or nothing yet.
  virtual std::span<const float> learnt() const noexcept { return {}; }
  /// Takes what a codec of the same shape has learnt. Requires: empty.
  virtual void adopt(std::span<const float>) {}
  /// Learns from `sample` [? x dimension], the same in each call, instead of from the first
  /// vectors. True when it is done. Requires: empty.
  virtual bool learn(std::span<const float>, Budget&) { return true; }

  /// Appends what was not saved before to this codec's sections.
  virtual void save(SectionSink& sink) = 0;
  /// Fails with: Corrupt when the sections are not those of `count` codes.
  virtual Status load(const SectionSource& source, std::size_t count) = 0;

  /// Resident bytes that score reads.
  virtual std::uint64_t code_bytes() const noexcept = 0;
  /// Resident bytes that score_precise alone reads.
  virtual std::uint64_t rerank_bytes() const noexcept = 0;

 protected:
  explicit Codec(std::size_t dimension) noexcept : dimension_(dimension) {}
  Codec(const Codec&) = default;
  Codec& operator=(const Codec&) = default;

  std::size_t dimension_;
};

/// A codec whose one score both walks and shows.
class SingleScoreCodec : public Codec {
 public:
  bool has_precise_score() const noexcept final { return false; }
  void score_precise(const Query& query, std::span<const Slot> slots,
                     std::span<float> scores) const noexcept final {
    score(query, slots, scores);
  }
  std::uint64_t rerank_bytes() const noexcept final { return 0; }

 protected:
  using Codec::Codec;
};

}  // namespace corsac::codec

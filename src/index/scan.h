// Every wanted code against the query: exact over the stored codes. The right way for small
// collections and for filters that few vectors pass, and the oracle of the graph.
#pragma once

#include <array>
#include <cstddef>

#include "codec/codec.h"
#include "index/best_hits.h"
#include "index/vector_index.h"

namespace corsac::index {

inline constexpr std::size_t kScanBlock = 64;

/// Collects slots into blocks and scores a block at a time.
template <codec::Codec Codes>
class Scanner {
 public:
  Scanner(const Codes& codes, const typename Codes::Query& query, BestHits& best) noexcept
      : codes_(codes), query_(query), best_(best) {}

  void add(Slot slot) {
    slots_[count_++] = slot;
    if (count_ == kScanBlock) flush();
  }

  [[gnu::noinline]] void flush() {
    codes_.score(query_, std::span(slots_).first(count_), scores_);
    for (std::size_t i = 0; i < count_; ++i) best_.push(slots_[i], scores_[i]);
    examined_ += count_;
    count_ = 0;
  }

  std::uint64_t examined() const noexcept { return examined_; }

 private:
  const Codes& codes_;
  const typename Codes::Query& query_;
  BestHits& best_;
  std::array<Slot, kScanBlock> slots_;
  std::array<float, kScanBlock> scores_;
  std::size_t count_ = 0;
  std::uint64_t examined_ = 0;
};

/// How many candidates a scan or a walk hands to the precise score. The true ten are among the best
/// twenty by seven bits on every real set measured.
constexpr std::size_t rerank_count(std::size_t k) noexcept { return 2 * k + 10; }

/// Rescores `slots` and keeps the k best as the result's hits.
template <codec::Codec Codes>
void rerank(const Codes& codes, const typename Codes::Query& prepared, const VectorQuery& query,
            std::span<const Slot> slots, VectorResult& result) {
  BestHits best(query.k, query.ordinals);
  std::array<float, kScanBlock> scores;
  for (; !slots.empty(); slots = slots.subspan(std::min(kScanBlock, slots.size()))) {
    const std::span<const Slot> block = slots.first(std::min(kScanBlock, slots.size()));
    codes.score_precise(prepared, block, scores);
    for (std::size_t i = 0; i < block.size(); ++i) best.push(block[i], scores[i]);
  }
  best.take(result);
}

/// The best of the slots in `allowed`, or of those below `size` that `removed` does not hold.
template <codec::Codec Codes>
void scan(const Codes& codes, const typename Codes::Query& prepared, const VectorQuery& query,
          bool precise, std::size_t size, const Bitset& removed, VectorResult& result) {
  const bool two_passes = Codes::kHasPlane && precise;
  BestHits best(two_passes ? rerank_count(query.k) : query.k, query.ordinals);
  Scanner<Codes> scanner(codes, prepared, best);
  if (query.allowed != nullptr) {
    query.allowed->for_each([&](std::size_t slot) { scanner.add(static_cast<Slot>(slot)); });
  } else {
    for (std::size_t slot = 0; slot < size; ++slot) {
      if (!removed.test(slot)) scanner.add(static_cast<Slot>(slot));
    }
  }
  scanner.flush();
  result.path = Path::Scan;
  result.examined += scanner.examined();
  result.exact = !Codes::kHasPlane;
  if (two_passes) {
    rerank(codes, prepared, query, best.slots(), result);
  } else {
    best.take(result);
  }
}

}  // namespace corsac::index

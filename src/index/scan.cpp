#include "index/scan.h"

#include <algorithm>
#include <array>
#include <vector>

namespace corsac::index {
namespace {

constexpr std::size_t kScanBlock = 64, kRerankBlock = 16;

/// Collects slots into blocks and scores a block at a time.
class Scanner {
 public:
  Scanner(const codec::Codec& codes, const codec::Query& query, BestHits& best) noexcept
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
  const codec::Codec& codes_;
  const codec::Query& query_;
  BestHits& best_;
  std::array<Slot, kScanBlock> slots_;
  std::array<float, kScanBlock> scores_;
  std::size_t count_ = 0;
  std::uint64_t examined_ = 0;
};

}  // namespace

std::size_t rerank_count(const codec::Codec& codes, const IndexOptions& options,
                         const VectorQuery& query) noexcept {
  const bool has_none =
      options.rerank == RerankStore::None || options.rerank == RerankStore::Originals;
  if (!codes.has_precise_score() || has_none) return 0;
  const std::size_t wished = query.candidates.value_or(options.candidates);
  if (wished > 0) return std::max(wished, query.k);
  return query.candidates.has_value() ? 0 : codes.candidates(query.k);
}

void rerank(const codec::Codec& codes, const codec::Query& prepared, const VectorQuery& query,
            std::span<const Candidate> candidates, VectorResult& result) {
  BestHits best(query.k, query.ordinals);
  std::array<Slot, kScanBlock> slots;
  std::array<float, kScanBlock> scores;
  for (std::size_t at = 0; at < candidates.size();) {
    std::size_t count = 0;
    // Small blocks, so that the bound of the first spares the later ones.
    for (; at < candidates.size() && count < kRerankBlock; ++at) {
      const Candidate& candidate = candidates[at];
      if (best.full() && candidate.score + codes.error(prepared, candidate.slot) < best.worst())
        continue;
      slots[count++] = candidate.slot;
    }
    codes.score_precise(prepared, std::span(slots).first(count), scores);
    for (std::size_t i = 0; i < count; ++i) best.push(slots[i], scores[i]);
  }
  best.take(result);
}

void scan(const codec::Codec& codes, const codec::Query& prepared, const VectorQuery& query,
          const IndexOptions& options, std::size_t size, const Bitset& removed,
          VectorResult& result) {
  const std::size_t rescored = rerank_count(codes, options, query);
  BestHits best(rescored > 0 ? rescored : query.k, query.ordinals);
  Scanner scanner(codes, prepared, best);
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
  result.exact = codes.is_lossless();
  if (rescored == 0) return best.take(result);
  VectorResult coarse;
  best.take(coarse);
  std::vector<Candidate> candidates;
  candidates.reserve(coarse.slots.size());
  for (std::size_t i = 0; i < coarse.slots.size(); ++i)
    candidates.push_back({coarse.hits[i].score, coarse.slots[i]});
  rerank(codes, prepared, query, candidates, result);
}

}  // namespace corsac::index

#include "index/scan.h"

#include <algorithm>
#include <array>

namespace corsac::index {
namespace {

constexpr std::size_t kScanBlock = 64;

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

void rerank(const codec::Codec& codes, const codec::Query& prepared, const VectorQuery& query,
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

void scan(const codec::Codec& codes, const codec::Query& prepared, const VectorQuery& query,
          bool precise, std::size_t size, const Bitset& removed, VectorResult& result) {
  const bool two_passes = codes.has_precise_score() && precise;
  BestHits best(two_passes ? rerank_count(query.k) : query.k, query.ordinals);
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
  if (two_passes) {
    rerank(codes, prepared, query, best.slots(), result);
  } else {
    best.take(result);
  }
}

}  // namespace corsac::index

#include "collection/calibrator.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace corsac::collection {
namespace {

constexpr std::array<std::uint32_t, 17> kLadder = {10,  14,  20,  28,  40,  56,   80,   112, 160,
                                                   224, 320, 448, 640, 896, 1280, 1792, 2560};
constexpr std::size_t kHits = 10;
constexpr std::uint64_t kSeed = 0x5EED0FCA11B7A7E5u;

}  // namespace

Calibrator::Calibrator(const Form& form, std::vector<float> sample)
    : sample_(std::move(sample)),
      query_(form.options.dimension),
      random_(kSeed),
      queries_(sample_.empty() ? kOwnQueries : sample_.size() / form.options.dimension),
      recalls_(kLadder.size()) {
  assert(form.index != nullptr);
}

bool Calibrator::step(const Form& form, Budget& budget) {
  while (asked_ < queries_ && form.index->live() > 1) {
    if (budget.spent()) return false;
    measure(form, budget);
    ++asked_;
  }
  asked_ = queries_;
  return true;
}

Slot Calibrator::next_query(const Form& form) {
  if (!sample_.empty()) {
    std::copy_n(sample_.begin() + static_cast<std::ptrdiff_t>(asked_ * query_.size()),
                query_.size(), query_.begin());
    return kNoSlot;
  }
  Slot slot;
  do {
    slot = static_cast<Slot>(random_.below(form.index->size()));
  } while (form.index->is_removed(slot));
  form.index->decode(slot, query_);
  return slot;
}

void Calibrator::measure(const Form& form, Budget& budget) {
  const Slot own = next_query(form);
  index::VectorQuery query{.vector = query_, .k = kHits, .force_scan = true};
  if (own != kNoSlot) {
    others_ = Bitset(form.index->size(), true);
    for (Slot slot = 0; slot < form.index->size(); ++slot) {
      if (slot == own || form.index->is_removed(slot)) others_.reset(slot);
    }
    query.allowed = &others_;
    query.allowed_count = form.index->live() - 1;
  }
  const Result<index::VectorResult> exact = form.index->search(query);
  assert(exact.has_value() && !exact->hits.empty());
  const float last = exact->hits.back().score;
  const auto wanted = static_cast<double>(exact->hits.size());
  budget.spend(exact->examined + 1);
  query.force_scan = false;
  double reached = 0;
  for (std::size_t at = 0; at < kLadder.size(); ++at) {
    if (reached < 1) {
      query.ef = kLadder[at];
      const Result<index::VectorResult> found = form.index->search(query);
      budget.spend(found->examined);
      // A scan finds what there is. Equals of the last are as good as it.
      const auto right = std::count_if(found->hits.begin(), found->hits.end(),
                                       [&](const Hit& hit) { return hit.score >= last; });
      const double recall =
          found->path == index::Path::Scan ? 1 : static_cast<double>(right) / wanted;
      reached = std::max(reached, std::min(recall, 1.0));
    }
    recalls_[at] += reached;
  }
}

Curve Calibrator::curve(const Form& form) const {
  assert(asked_ == queries_);
  Curve out{
      static_cast<std::uint32_t>(form.index->live()), static_cast<std::uint32_t>(queries_), {}};
  for (std::size_t at = 0; at < kLadder.size(); ++at) {
    const double recall = form.index->live() > 1 ? recalls_[at] / static_cast<double>(queries_) : 1;
    out.points.push_back({kLadder[at], static_cast<float>(recall)});
    if (recall >= 1) break;
  }
  return out;
}

}  // namespace corsac::collection

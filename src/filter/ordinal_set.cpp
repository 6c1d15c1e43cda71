#include "filter/ordinal_set.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace corsac::filter {
namespace {

// A member costs 32 bits in a list. The way back is further, so that a set does not go to and fro.
constexpr std::size_t kDenseFrom = 32;
constexpr std::size_t kSparseFrom = 4 * kDenseFrom;
constexpr std::size_t kSmall = 64;  // members below which a list is always good

}  // namespace

void OrdinalSet::add(Ordinal ordinal) {
  const std::size_t end = std::size_t{ordinal} + 1;
  assert(end >= end_);
  if (end == end_) return;
  end_ = end;
  ++count_;
  if (dense_ && end_ > count_ * kSparseFrom) become_sparse();
  if (dense_) {
    bits_.resize((end_ + 63) / 64);
    bits_.back() |= std::uint64_t{1} << ordinal % 64;
    return;
  }
  list_.push_back(ordinal);
  if (count_ >= kSmall && end_ <= count_ * kDenseFrom) become_dense();
}

void OrdinalSet::become_dense() {
  bits_ = words_for(end_);
  for (const Ordinal ordinal : list_) bits_[ordinal / 64] |= std::uint64_t{1} << ordinal % 64;
  list_ = {};
  dense_ = true;
}

void OrdinalSet::become_sparse() {
  list_.reserve(count_);
  for (std::size_t w = 0; w < bits_.size(); ++w) {
    for (std::uint64_t word = bits_[w]; word != 0; word &= word - 1) {
      list_.push_back(
          static_cast<Ordinal>(w * 64 + static_cast<std::size_t>(std::countr_zero(word))));
    }
  }
  bits_ = {};
  dense_ = false;
}

void OrdinalSet::mark(std::size_t documents, Words& words) const {
  assert(words.size() == (documents + 63) / 64);
  const std::size_t common = std::min(words.size(), bits_.size());
  for (std::size_t w = 0; w < common; ++w) words[w] |= bits_[w];
  for (const Ordinal ordinal : list_) {
    if (ordinal >= documents) break;
    words[ordinal / 64] |= std::uint64_t{1} << ordinal % 64;
  }
  if (documents % 64 != 0) words.back() &= ~std::uint64_t{0} >> (64 - documents % 64);
}

void OrdinalSet::save(ByteWriter& out) const {
  out.put(static_cast<std::uint32_t>(dense_));
  out.put(static_cast<std::uint32_t>(dense_ ? bits_.size() : list_.size()));
  out.put_all(std::span<const Ordinal>(list_));
  out.put_all(std::span<const std::uint64_t>(bits_));
}

OrdinalSet OrdinalSet::load(ByteReader& in, std::size_t end) {
  OrdinalSet out;
  const auto form = in.get<std::uint32_t>();
  const auto length = in.get<std::uint32_t>();
  if (form > 1) in.fail();
  out.dense_ = form == 1;
  if (out.dense_) {
    out.bits_ = in.get_all<std::uint64_t>(length);
    if (out.bits_.empty() || out.bits_.back() == 0) in.fail();
    for (const std::uint64_t word : out.bits_)
      out.count_ += static_cast<std::size_t>(std::popcount(word));
    if (in.ok())
      out.end_ =
          out.bits_.size() * 64 - static_cast<std::size_t>(std::countl_zero(out.bits_.back()));
  } else {
    out.list_ = in.get_all<Ordinal>(length);
    const auto& list = out.list_;
    if (std::adjacent_find(list.begin(), list.end(), [](Ordinal a, Ordinal b) { return a >= b; }) !=
        list.end())
      in.fail();
    out.count_ = list.size();
    out.end_ = list.empty() ? 0 : std::size_t{list.back()} + 1;
  }
  if (out.end_ > end) in.fail();
  return in.ok() ? out : OrdinalSet{};
}

}  // namespace corsac::filter

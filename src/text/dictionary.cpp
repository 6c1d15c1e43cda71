#include "text/dictionary.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "text/analysis.h"

namespace corsac::text {

void DictionaryWriter::add(std::string_view term, std::uint32_t documents,
                           std::uint64_t posting_bytes, std::uint64_t position_bytes) {
  assert(term_count_ == 0 || last_ < term);
  std::size_t shared = 0;
  if (term_count_ % kTermsPerBlock == 0) {
    offsets_.put(static_cast<std::uint32_t>(blocks_.size()));
    blocks_.put_varint(posting_offset_);
    if (has_positions_) blocks_.put_varint(position_offset_);
  } else {
    const auto differs = std::mismatch(last_.begin(), last_.end(), term.begin(), term.end());
    shared = static_cast<std::size_t>(differs.first - last_.begin());
  }
  blocks_.put_varint(shared);
  blocks_.put_varint(term.size() - shared);
  blocks_.append(as_byte_view(term.substr(shared)));
  blocks_.put_varint(documents);
  blocks_.put_varint(posting_bytes);
  if (has_positions_) blocks_.put_varint(position_bytes);
  last_ = term;
  ++term_count_;
  posting_offset_ += posting_bytes;
  position_offset_ += position_bytes;
}

bool TermCursor::next() {
  if (left_ == 0) return false;
  --left_;
  const bool starts_block = in_block_ == 0;
  if (starts_block) {
    entry_.posting_offset = reader_.get_varint();
    if (has_positions_) entry_.position_offset = reader_.get_varint();
  } else {
    entry_.posting_offset += entry_.posting_bytes;
    entry_.position_offset += entry_.position_bytes;
  }
  in_block_ = (in_block_ + 1) % kTermsPerBlock;
  const std::uint64_t shared = reader_.get_varint();
  const std::uint64_t length = reader_.get_varint();
  if (shared > (starts_block ? 0 : term_.size()) || length > kMaxTermBytes - shared) reader_.fail();
  const std::string_view rest = as_text(reader_.take(static_cast<std::size_t>(length)));
  const std::uint64_t documents = reader_.get_varint();
  entry_.documents = static_cast<std::uint32_t>(documents);
  entry_.posting_bytes = reader_.get_varint();
  if (has_positions_) entry_.position_bytes = reader_.get_varint();
  // Terms ascend, or every search in them would be wrong.
  if (!reader_.ok() || documents > 0xFFFFFFFF ||
      rest <= std::string_view(term_).substr(static_cast<std::size_t>(shared))) {
    left_ = 0;
    return false;
  }
  term_.resize(static_cast<std::size_t>(shared));
  term_ += rest;
  return true;
}

ByteView Dictionary::from_block(std::uint32_t block) const noexcept {
  std::uint32_t offset;
  std::memcpy(&offset, offsets_.data() + block * sizeof offset, sizeof offset);
  return blocks_.subspan(std::min<std::size_t>(offset, blocks_.size()));
}

std::string_view Dictionary::first_term(std::uint32_t block) const noexcept {
  ByteReader reader(from_block(block));
  reader.get_varint();
  if (has_positions_) reader.get_varint();
  reader.get_varint();
  return as_text(reader.take(static_cast<std::size_t>(reader.get_varint())));
}

TermCursor Dictionary::cursor_at(std::uint32_t block) const noexcept {
  if (block >= block_count()) return {ByteView{}, 0, false};
  return {from_block(block), term_count_ - block * kTermsPerBlock, has_positions_};
}

std::uint32_t Dictionary::block_of(std::string_view term, std::uint32_t from) const noexcept {
  const std::uint32_t count = block_count();
  std::uint32_t low = from, high = from + 1;
  for (std::uint32_t step = 1; high < count && first_term(high) <= term; step *= 2) {
    low = high;
    high = step < count - high ? high + step : count;
  }
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (first_term(middle) <= term ? low : high) = middle;
  }
  return low;
}

TermEntry Dictionary::find(std::string_view term) const {
  TermCursor cursor = near(term);
  for (std::uint32_t i = 0; i < kTermsPerBlock && cursor.next(); ++i) {
    if (cursor.term() == term) return cursor.entry();
    if (cursor.term() > term) break;
  }
  return {};
}

}  // namespace corsac::text

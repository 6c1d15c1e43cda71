#include "text/dictionary.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "text/analysis.h"

namespace corsac::text {
namespace {

std::size_t common_prefix(std::string_view a, std::string_view b) noexcept {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t same = 0;
  while (same < most && a[same] == b[same]) ++same;
  return same;
}

unsigned char byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned char>(text[at]);
}

// The first 8 bytes as a number: where two differ, terms compare as they do.
std::uint64_t key_of(std::string_view term) noexcept {
  constexpr std::size_t kBytes = sizeof(std::uint64_t);
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < kBytes; ++i)
    key = key << 8 | (i < term.size() ? byte_at(term, i) : 0u);
  return key;
}

}  // namespace

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

std::uint64_t TermCursor::long_varint() noexcept {
  ByteReader reader(ByteView(byte_, end_));
  const std::uint64_t value = reader.get_varint();
  ok_ = ok_ && reader.ok();
  byte_ = end_ - reader.remaining();
  return value;
}

bool TermCursor::end() noexcept {
  at_ = count_;
  return false;
}

bool TermCursor::read(std::size_t& shared, std::string_view& rest) {
  if (at_ == count_) return false;
  const bool starts_block = at_ % kTermsPerBlock == 0;
  if (starts_block) {
    entry_.posting_offset = varint();
    if (has_positions_) entry_.position_offset = varint();
  } else {
    entry_.posting_offset += entry_.posting_bytes;
    entry_.position_offset += entry_.position_bytes;
  }
  const std::uint64_t same = varint(), length = varint();
  const auto left = static_cast<std::size_t>(end_ - byte_);
  if (!ok_ || same > (starts_block ? 0 : kMaxTermBytes) || length > kMaxTermBytes - same ||
      length > left)
    return end();
  shared = static_cast<std::size_t>(same);
  rest = as_text(ByteView(byte_, static_cast<std::size_t>(length)));
  byte_ += length;
  const std::uint64_t documents = varint();
  entry_.documents = static_cast<std::uint32_t>(documents);
  entry_.posting_bytes = varint();
  if (has_positions_) entry_.position_bytes = varint();
  if (!ok_ || documents > 0xFFFFFFFF) return end();
  ++at_;
  return true;
}

bool TermCursor::next() {
  std::size_t shared;
  std::string_view rest;
  if (!read(shared, rest)) return false;
  // Terms ascend, or every search in them would be wrong.
  if (shared > term_.size() || rest <= std::string_view(term_).substr(shared)) return end();
  term_.resize(shared);
  term_ += rest;
  return true;
}

bool TermCursor::seek(std::string_view target) {
  // Of what was read last, all of it below the target, so many bytes are the target's.
  std::size_t common = common_prefix(term_, target);
  for (;;) {
    std::size_t shared;
    std::string_view rest;
    if (at_ % kTermsPerBlock == 0) common = 0;
    if (!read(shared, rest)) return false;
    if (shared > common) continue;  // Below it for the same byte.
    if (shared == common) {
      const std::string_view left = target.substr(shared);
      const std::size_t more = common_prefix(rest, left);
      common += more;
      if (more < left.size() && (more == rest.size() || byte_at(rest, more) < byte_at(left, more)))
        continue;
    }
    term_.assign(target, 0, shared);
    term_ += rest;
    return term_ >= target || end();
  }
}

Dictionary::Dictionary(ByteView offsets, ByteView blocks, std::uint32_t term_count,
                       bool has_positions)
    : offsets_(offsets), blocks_(blocks), term_count_(term_count), has_positions_(has_positions) {
  keys_.reserve(block_count());
  for (std::uint32_t block = 0; block < block_count(); ++block)
    keys_.push_back(key_of(first_term(block)));
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
  if (block >= block_count()) return {ByteView{}, 0, 0, false};
  return {from_block(block), block * kTermsPerBlock, term_count_, has_positions_};
}

std::uint32_t Dictionary::block_of(std::string_view term, std::uint32_t from) const noexcept {
  const std::uint32_t count = block_count();
  const std::uint64_t key = key_of(term);
  const auto starts_by = [&](std::uint32_t block) {
    return keys_[block] == key ? first_term(block) <= term : keys_[block] < key;
  };
  std::uint32_t low = from, high = from + 1;
  for (std::uint32_t step = 1; high < count && starts_by(high); step *= 2) {
    low = high;
    high = step < count - high ? high + step : count;
  }
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (starts_by(middle) ? low : high) = middle;
  }
  return low;
}

TermEntry Dictionary::find(std::string_view term) const {
  TermCursor cursor = cursor_at(block_of(term, 0));
  return cursor.seek(term) && cursor.term() == term ? cursor.entry() : TermEntry{};
}

}  // namespace corsac::text

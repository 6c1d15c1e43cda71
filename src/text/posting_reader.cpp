#include "text/posting_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "text/bit_block.h"
#include "text/packed_postings.h"

namespace corsac::text {
namespace {

constexpr std::uint32_t kBeforeFirst = std::numeric_limits<std::uint32_t>::max();

// Postings of a block that is not full; stops at the first that the bytes or the span do not allow.
void read_short(ByteView bytes, std::uint32_t count, std::uint32_t before, std::uint32_t span,
                PostingBlock& block) noexcept {
  ByteReader reader(bytes);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t head = reader.get_varint();
    const std::uint64_t frequency = (head & 1) != 0 ? 1 : reader.get_varint();
    const std::uint64_t document = static_cast<std::uint64_t>(before + 1) + (head >> 1);
    if (!reader.ok() || document >= span || frequency == 0 || frequency > kBeforeFirst) return;
    before = static_cast<std::uint32_t>(document);
    block.documents[i] = before;
    block.frequencies[i] = static_cast<std::uint32_t>(frequency);
    block.count = i + 1;
  }
}

// Gaps to documents. False when they do not ascend to `last`, as they do in every undamaged block.
bool sum_gaps(std::uint32_t* documents, std::uint32_t before, std::uint32_t last,
              std::uint32_t span) noexcept {
  constexpr std::uint32_t kRow = 4;
  std::uint64_t total = kBlockSize;
  for (std::uint32_t i = 0; i < kBlockSize; ++i) total += documents[i];
  // Rows of four, so that only one addition of each waits for the row before.
  std::uint32_t base = before;
  for (std::uint32_t* row = documents; row != documents + kBlockSize; row += kRow) {
    const std::uint32_t first = row[0] + 1, second = first + row[1] + 1,
                        third = second + row[2] + 1, fourth = third + row[3] + 1;
    row[0] = base + first;
    row[1] = base + second;
    row[2] = base + third;
    row[3] = base += fourth;
  }
  // The sum did not overflow, so none of its parts did.
  return static_cast<std::uint64_t>(before + 1) + total == static_cast<std::uint64_t>(last) + 1 &&
         last < span;
}

}  // namespace

PostingReader::PostingReader(ByteView bytes, std::uint32_t count, std::uint32_t span) noexcept
    : count_(count), left_(count), bytes_(bytes), span_(span) {
  const std::size_t blocks = (static_cast<std::size_t>(count) + kBlockSize - 1) / kBlockSize;
  if (blocks <= 1) return;
  if (blocks > bytes.size() / sizeof(BlockEntry)) {
    left_ = 0;
    return;
  }
  link_ = static_cast<std::uint32_t>(blocks);  // Packed: the number of directory entries.
}

void read_frequencies(PostingBlock& block) noexcept {
  if (block.packed == nullptr) return;
  unpack_block(block.packed, block.packed_bits, block.frequencies);
  for (std::uint32_t& frequency : block.frequencies) ++frequency;
  block.packed = nullptr;
}

bool PostingReader::next_documents(PostingBlock& block) noexcept {
  block.count = 0;
  block.packed = nullptr;
  if (left_ == 0) return false;
  if (pool_ != nullptr) {
    next_growing(block);
  } else {
    next_packed(block);
  }
  return block.count > 0;
}

void PostingReader::next_growing(PostingBlock& block) noexcept {
  const std::uint32_t wanted = std::min(left_, kBlockSize);
  while (block.count < wanted) {
    if (at_ == link_) {
      at_ = pool_[link_].document;
      link_ = at_ + pool_[link_].frequency - 1;
    }
    const std::uint32_t run = std::min(wanted - block.count, link_ - at_);
    for (std::uint32_t i = 0; i < run; ++i) {
      block.documents[block.count + i] = pool_[at_ + i].document;
      block.frequencies[block.count + i] = pool_[at_ + i].frequency;
    }
    block.count += run;
    at_ += run;
  }
  left_ -= wanted;
}

void PostingReader::next_packed(PostingBlock& block) noexcept {
  const std::uint32_t count = std::min(left_, kBlockSize);
  left_ -= count;
  if (link_ == 0) return read_short(bytes_, count, kBeforeFirst, span_, block);

  BlockEntry entry, previous;
  previous.last_document = kBeforeFirst;
  std::memcpy(&entry, bytes_.data() + at_ * sizeof entry, sizeof entry);
  if (at_ > 0) std::memcpy(&previous, bytes_.data() + (at_ - 1) * sizeof previous, sizeof previous);
  ++at_;
  const ByteView data = bytes_.subspan(link_ * sizeof entry);
  const bool in_bounds = previous.data_end <= entry.data_end && entry.data_end <= data.size();
  const ByteView own =
      in_bounds ? data.subspan(previous.data_end, entry.data_end - previous.data_end) : ByteView{};
  if (count < kBlockSize) {
    read_short(own, count, previous.last_document, span_, block);
    return;
  }
  const std::size_t gap_bytes = packed_bytes(entry.gap_bits),
                    frequency_bytes = packed_bytes(entry.frequency_bits);
  if (entry.gap_bits > 32 || entry.frequency_bits > 31 ||
      own.size() != gap_bytes + frequency_bytes) {
    left_ = 0;
    return;
  }
  unpack_block(own.data(), entry.gap_bits, block.documents);
  if (!sum_gaps(block.documents, previous.last_document, entry.last_document, span_)) {
    left_ = 0;
    return;
  }
  block.packed = own.data() + gap_bytes;
  block.packed_bits = entry.frequency_bits;
  block.count = kBlockSize;
}

void PostingReader::skip_block() noexcept {
  ++at_;
  left_ -= std::min(left_, kBlockSize);
}

void PostingReader::skip_to(std::uint32_t document) noexcept {
  if (pool_ != nullptr) return;
  while (at_ < link_ && left_ > 0) {
    std::uint32_t last;
    std::memcpy(&last, bytes_.data() + at_ * sizeof(BlockEntry), sizeof last);
    if (last >= document) return;
    skip_block();
  }
}

}  // namespace corsac::text

#include "text/packed_postings.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>

#include "text/bit_block.h"

namespace corsac::text {
namespace {

void append_varint(std::vector<std::byte>& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
  out.push_back(static_cast<std::byte>(value));
}

void append_short(std::vector<std::byte>& out, std::span<const Posting> postings,
                  std::uint32_t before) {
  for (const Posting& posting : postings) {
    const std::uint64_t gap = posting.document - before - 1;
    append_varint(out, gap << 1 | (posting.frequency == 1 ? 1 : 0));
    if (posting.frequency != 1) append_varint(out, posting.frequency);
    before = posting.document;
  }
}

void append_full(std::vector<std::byte>& out, std::span<const Posting> postings,
                 std::uint32_t before, BlockEntry& entry) {
  std::uint32_t gaps[kBlockSize], frequencies[kBlockSize];
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    gaps[i] = postings[i].document - before - 1;
    frequencies[i] = postings[i].frequency - 1;
    before = postings[i].document;
  }
  const std::uint32_t gap_bits = bits_needed(gaps), frequency_bits = bits_needed(frequencies);
  const std::size_t at = out.size();
  out.resize(at + packed_bytes(gap_bits) + packed_bytes(frequency_bits));
  pack_block(gaps, gap_bits, out.data() + at);
  pack_block(frequencies, frequency_bits, out.data() + at + packed_bytes(gap_bits));
  entry.gap_bits = static_cast<std::uint8_t>(gap_bits);
  entry.frequency_bits = static_cast<std::uint8_t>(frequency_bits);
}

// The pareto set, at most kImpacts of it: further members are merged into bounds that cover both.
std::array<Impact, kImpacts> impacts_of(std::span<const Posting> postings, LengthView lengths) {
  std::uint8_t most[256] = {};  // the highest frequency among documents of each length
  for (const Posting& posting : postings) {
    std::uint8_t& highest = most[length_code(lengths[posting.document])];
    highest = static_cast<std::uint8_t>(
        std::max<std::uint32_t>(highest, std::min<std::uint32_t>(posting.frequency, 255)));
  }
  std::vector<Impact> pareto;  // Longer documents, higher frequencies.
  for (unsigned length = 0; length < 256; ++length) {
    if (most[length] > (pareto.empty() ? 0 : pareto.back().frequency))
      pareto.push_back({most[length], static_cast<std::uint8_t>(length)});
  }
  std::array<Impact, kImpacts> kept{};
  for (std::size_t i = 0; i < pareto.size(); ++i) {
    Impact& slot = kept[i * kImpacts / std::max(pareto.size(), kImpacts)];
    if (slot.frequency == 0) slot.length = pareto[i].length;
    slot.frequency = pareto[i].frequency;
  }
  return kept;
}

}  // namespace

std::uint8_t length_code(std::uint32_t length) noexcept {
  if (length < 16) return static_cast<std::uint8_t>(length);
  const auto shift = static_cast<std::uint32_t>(std::bit_width(length)) - 4;
  return static_cast<std::uint8_t>(8 + shift * 8 + ((length >> shift) - 8));
}

std::uint32_t length_of_code(std::uint8_t code) noexcept {
  if (code < 16) return code;
  const std::uint32_t shift = (code - 8u) / 8;
  return ((code - 8u) % 8 + 8) << shift;
}

void append_postings(std::vector<std::byte>& out, std::span<const Posting> postings,
                     LengthView lengths) {
  assert(!postings.empty());
  constexpr std::uint32_t kBeforeFirst = std::numeric_limits<std::uint32_t>::max();
  if (postings.size() <= kBlockSize) return append_short(out, postings, kBeforeFirst);

  const std::size_t blocks = (postings.size() + kBlockSize - 1) / kBlockSize;
  const std::size_t directory = out.size();
  const std::size_t data = directory + blocks * sizeof(BlockEntry);
  out.resize(data);
  std::uint32_t before = kBeforeFirst;
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::size_t start = block * kBlockSize;
    const auto members =
        postings.subspan(start, std::min<std::size_t>(kBlockSize, postings.size() - start));
    BlockEntry entry;
    if (members.size() == kBlockSize) {
      append_full(out, members, before, entry);
    } else {
      append_short(out, members, before);
    }
    before = entry.last_document = members.back().document;
    entry.data_end = static_cast<std::uint32_t>(out.size() - data);
    entry.impacts = impacts_of(members, lengths);
    std::memcpy(out.data() + directory + block * sizeof entry, &entry, sizeof entry);
  }
}

}  // namespace corsac::text

#include "text/positions.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace corsac::text {
namespace {

constexpr std::size_t kStartBytes = sizeof(std::uint32_t);

std::size_t directory_bytes(std::size_t documents) noexcept {
  return documents == 0 ? 0 : (documents - 1) / kBlockSize * kStartBytes;
}

// Past `count` varints from `at` on, or to the end.
std::size_t pass(ByteView varints, std::size_t at, std::uint64_t count) noexcept {
  constexpr std::byte kMore{0x80};
  constexpr std::uint64_t kMoreOfEight = 0x8080808080808080u;
  for (std::uint64_t eight; varints.size() - at >= sizeof eight; at += sizeof eight) {
    std::memcpy(&eight, varints.data() + at, sizeof eight);
    const auto ends = static_cast<std::uint64_t>(std::popcount(~eight & kMoreOfEight));
    if (ends > count) break;  // All of them: the last may go on.
    count -= ends;
    if (count == 0) {
      // Right behind the last end.
      return at + sizeof eight -
             static_cast<std::size_t>(std::countl_zero(~eight & kMoreOfEight)) / 8;
    }
  }
  for (; count > 0 && at < varints.size(); ++at) count -= (varints[at] & kMore) == kMore ? 0 : 1;
  return at;
}

}  // namespace

void append_positions(Bytes& out, std::span<const Posting> postings, ByteView varints) {
  std::size_t at = 0;
  for (std::size_t start = 0; start + kBlockSize < postings.size(); start += kBlockSize) {
    std::uint64_t count = 0;
    for (const Posting& posting : postings.subspan(start, kBlockSize)) count += posting.frequency;
    at = pass(varints, at, count);
    const auto place = static_cast<std::uint32_t>(at);
    const ByteView bytes = std::as_bytes(std::span(&place, 1));
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  out.insert(out.end(), varints.begin(), varints.end());
}

ByteView position_varints(ByteView stored, std::uint32_t documents) noexcept {
  return stored.subspan(std::min(stored.size(), directory_bytes(documents)));
}

void copy_positions(ByteView varints, std::span<const Posting> postings,
                    const std::vector<bool>& kept, Bytes& out) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < postings.size(); ++i) {
    const std::size_t end = pass(varints, at, postings[i].frequency);
    const ByteView own = varints.subspan(at, end - at);
    if (kept[i]) out.insert(out.end(), own.begin(), own.end());
    at = end;
  }
}

PositionReader::PositionReader(ByteView stored, std::uint32_t documents) noexcept
    : starts_(stored.first(std::min(stored.size(), directory_bytes(documents)))),
      varints_(position_varints(stored, documents)) {}

void PositionReader::read(std::uint32_t block, const std::uint32_t* frequencies,
                          std::uint32_t index, std::vector<std::uint32_t>& positions) {
  positions.clear();
  if (block != block_ || index < index_) {
    std::uint32_t start = 0;
    const std::size_t entry = (block - 1) * kStartBytes;
    if (block > 0 && entry + kStartBytes <= starts_.size())
      std::memcpy(&start, starts_.data() + entry, kStartBytes);
    at_ = std::min<std::size_t>(start, varints_.size());
    block_ = block;
    index_ = 0;
  }
  std::uint64_t passed = 0;
  for (; index_ < index; ++index_) passed += frequencies[index_];
  at_ = pass(varints_, at_, passed);

  ByteReader reader(varints_.subspan(at_));
  std::uint64_t position = 0;
  for (std::uint32_t i = 0; i < frequencies[index] && reader.remaining() > 0; ++i) {
    position += reader.get_varint();
    if (!reader.ok()) break;
    positions.push_back(static_cast<std::uint32_t>(position));
  }
}

}  // namespace corsac::text

#include "document/block.h"

#include <cassert>
#include <string>
#include <utility>

namespace corsac::document {
namespace {

constexpr std::uint32_t kAbsent = 0xFFFFFFFFu;
constexpr std::size_t kLengthsPerDocument = 2;

std::uint32_t stored_length(std::optional<std::string_view> text) noexcept {
  return text ? static_cast<std::uint32_t>(text->size()) : kAbsent;
}

std::size_t real_length(std::uint32_t stored) noexcept { return stored == kAbsent ? 0 : stored; }

// The document whose content, then metadata, start where `text` starts.
DocumentView view_of(std::string_view text, std::uint32_t content,
                     std::uint32_t metadata) noexcept {
  return {.has_content = content != kAbsent,
          .content = text.substr(0, real_length(content)),
          .has_metadata = metadata != kAbsent,
          .metadata = text.substr(real_length(content), real_length(metadata))};
}

}  // namespace

void OpenBlock::add(std::optional<std::string_view> content,
                    std::optional<std::string_view> metadata) {
  starts_.push_back(text_.size());
  lengths_.push_back(stored_length(content));
  lengths_.push_back(stored_length(metadata));
  if (content) text_.append(*content);
  if (metadata) text_.append(*metadata);
}

DocumentView OpenBlock::read(std::size_t i) const noexcept {
  assert(i < starts_.size());
  const std::size_t at = i * kLengthsPerDocument;
  return view_of(std::string_view(text_).substr(starts_[i]), lengths_[at], lengths_[at + 1]);
}

Bytes OpenBlock::encode() const {
  ByteWriter out;
  out.put_all(std::span(lengths_));
  out.append(as_byte_view(text_));
  return std::move(out).take();
}

void OpenBlock::clear() noexcept {
  lengths_.clear();
  starts_.clear();
  text_.clear();
}

Result<DecodedBlock> DecodedBlock::parse(Bytes raw, std::uint32_t count) {
  DecodedBlock out;
  ByteReader reader(raw);
  const auto lengths = reader.get_all<std::uint32_t>(std::size_t{count} * kLengthsPerDocument);
  std::uint64_t at = lengths.size() * sizeof(std::uint32_t);
  if (reader.ok()) out.starts_.reserve(count);
  for (std::size_t i = 0; i < lengths.size(); i += kLengthsPerDocument) {
    out.starts_.push_back(static_cast<std::uint32_t>(at));
    at += real_length(lengths[i]);
    at += real_length(lengths[i + 1]);
    if (at > raw.size()) break;
  }
  if (!reader.ok() || at != raw.size()) {
    return Error{ErrorCode::Corrupt, "a block of " + std::to_string(raw.size()) +
                                         " bytes does not hold its " + std::to_string(count) +
                                         " documents"};
  }
  out.raw_ = std::move(raw);
  return out;
}

DocumentView DecodedBlock::read(std::size_t i) const noexcept {
  assert(i < starts_.size());
  std::uint32_t lengths[kLengthsPerDocument];
  std::memcpy(lengths, raw_.data() + i * sizeof lengths, sizeof lengths);
  return view_of(as_text(raw_).substr(starts_[i]), lengths[0], lengths[1]);
}

}  // namespace corsac::document

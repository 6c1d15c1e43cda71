#include "filter/overflow.h"

#include <algorithm>
#include <limits>

#include "filter/leaf.h"

namespace corsac::filter {
namespace {

// The text was within somebody's limits once; here it is only read again.
constexpr JsonLimits kNoLimits{.bytes = std::numeric_limits<std::size_t>::max(),
                               .depth = 1'000,
                               .keys = std::numeric_limits<std::uint32_t>::max()};

// What the text of every document with this path contains: the last key of the path ends with what
// stands behind its last dot, and text is escaped character by character.
std::string trace_of(std::string_view path) {
  const std::string quoted =
      write_json(Json::string(std::string(path.substr(path.rfind('.') + 1))));
  return quoted.substr(1) + ":";
}

void add_scalars(Ordinal ordinal, const Json& value, Column& column) {
  if (value.is(Json::Type::Array)) {
    for (const Json& item : value.items()) add_scalars(ordinal, item, column);
  } else if (!value.is(Json::Type::Object)) {
    column.add(ordinal, value);
  }
}

}  // namespace

void Overflow::add(Ordinal ordinal, const Json& metadata) {
  ordinals_.push_back(ordinal);
  text_.append(write_json(metadata));
  ends_.push_back(text_.size());
}

std::string_view Overflow::text_of(std::size_t i) const noexcept {
  const auto start = static_cast<std::size_t>(i == 0 ? 0 : ends_[i - 1]);
  return std::string_view(text_).substr(start, static_cast<std::size_t>(ends_[i]) - start);
}

template <class Visit>
void Overflow::for_each(std::string_view path, const Visit& visit) const {
  const std::string trace = trace_of(path);
  for (std::size_t i = 0; i < ordinals_.size(); ++i) {
    const std::string_view text = text_of(i);
    if (text.find(trace) == std::string_view::npos) continue;
    const auto metadata = parse_json(text, kNoLimits);
    assert(metadata.has_value());
    if (metadata) visit(ordinals_[i], *metadata);
  }
}

void Overflow::mark(const Predicate& comparison, std::size_t documents, Words& words) const {
  for_each(comparison.path, [&](Ordinal ordinal, const Json& metadata) {
    if (ordinal < documents && matches(comparison, metadata))
      words[ordinal / 64] |= std::uint64_t{1} << ordinal % 64;
  });
}

void Overflow::gather(std::string_view path, Column& column) const {
  for_each(path, [&](Ordinal ordinal, const Json& metadata) {
    any_at(path, metadata, [&](const Json& value) {
      add_scalars(ordinal, value, column);
      return false;
    });
  });
}

void Overflow::save(ByteWriter& out) const {
  out.put(static_cast<std::uint32_t>(ordinals_.size()));
  for (std::size_t i = 0; i < ordinals_.size(); ++i) {
    out.put(ordinals_[i]);
    out.put_text(text_of(i));
  }
}

Overflow Overflow::load(ByteReader& in, std::size_t end) {
  Overflow out;
  const auto count = in.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    const auto ordinal = in.get<Ordinal>();
    const std::string_view text = in.get_text();
    if (ordinal >= end || (i > 0 && ordinal <= out.ordinals_.back())) in.fail();
    const auto metadata = parse_json(text, kNoLimits);
    if (!metadata || !metadata->is(Json::Type::Object)) in.fail();
    out.ordinals_.push_back(ordinal);
    out.text_.append(text);
    out.ends_.push_back(out.text_.size());
  }
  return in.ok() ? std::move(out) : Overflow{};
}

std::uint64_t Overflow::bytes() const noexcept {
  return text_.size() + ordinals_.size() * (sizeof(Ordinal) + sizeof(std::uint64_t));
}

}  // namespace corsac::filter

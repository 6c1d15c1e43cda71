#include "filter/filter_index.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/checksum.h"
#include "base/patched.h"
#include "filter/column.h"
#include "filter/dictionary.h"
#include "filter/leaf.h"
#include "filter/overflow.h"

namespace corsac::filter {
namespace {

constexpr std::uint32_t kVersion = 1;

// The text was within somebody's limits once; here it is only read again.
constexpr JsonLimits kNoLimits{.bytes = std::numeric_limits<std::size_t>::max(),
                               .depth = 1'000,
                               .keys = std::numeric_limits<std::uint32_t>::max()};

constexpr std::size_t kPatchFrame = 12;  // of a patch beside its rows

Error unlisted() { return {ErrorCode::Corrupt, "the filter columns do not hold what they list"}; }

void put_checksum(ByteWriter& out) { out.put(checksum64(out.view())); }

// The bytes before the checksum that they end with.
Result<ByteView> checked(ByteView bytes) {
  ByteReader whole(bytes);
  const ByteView body = whole.take(bytes.size() - std::min(bytes.size(), sizeof(std::uint64_t)));
  if (whole.get<std::uint64_t>() == checksum64(body) && whole.finished()) return body;
  return Error{ErrorCode::Corrupt, "the filter columns of " + std::to_string(bytes.size()) +
                                       " bytes fail their checksum"};
}

}  // namespace

struct FilterIndex::State {
  Column* column_of(std::string_view path);
  void add_members(Ordinal ordinal, const Json& object, std::string& path, bool top);
  void add_value(Ordinal ordinal, const Json& value, Column* column, std::string& path);
  Bitset comparison(const Predicate& predicate, std::size_t documents) const;
  Bitset evaluate(const Predicate& predicate, std::size_t documents) const;

  FilterLimits limits;
  Dictionary paths;  // numbers are places in columns
  std::vector<std::unique_ptr<Column>> columns;
  Overflow overflow;
  std::size_t size = 0;
  bool left_out = false;  // the document being added has a path without a column

  // What was added since the last save, as text, unless that is so much that all is saved anew.
  void remember(Ordinal ordinal, const Json& metadata);
  void add(Ordinal ordinal, const Json& metadata);
  Status load(ByteView base);
  Status apply(ByteView patch);
  PatchedSection stored{SectionId::Columns};
  ByteWriter unsaved;
  bool is_whole_due = false;
  std::size_t saved_size = 0;
};

// The column of a path that is short enough, made now if there is room; null otherwise.
Column* FilterIndex::State::column_of(std::string_view path) {
  if (const auto known = paths.find(path)) return columns[*known].get();
  if (columns.size() >= limits.paths) return nullptr;
  paths.intern(path);
  columns.push_back(std::make_unique<Column>());
  return columns.back().get();
}

void FilterIndex::State::add_members(Ordinal ordinal, const Json& object, std::string& path,
                                     bool top) {
  const std::size_t length = path.size();
  for (const auto& [key, value] : object.members()) {
    // No column can lie behind a path that is too long already.
    if (length + (top ? 0 : 1) + key.size() > limits.path_bytes) {
      left_out = true;
      continue;
    }
    if (!top) path.push_back('.');
    path.append(key);
    Column* column = column_of(path);
    if (column == nullptr) left_out = true;
    add_value(ordinal, value, column, path);
    path.resize(length);
  }
}

void FilterIndex::State::add_value(Ordinal ordinal, const Json& value, Column* column,
                                   std::string& path) {
  if (value.is(Json::Type::Array)) {
    for (const Json& item : value.items()) add_value(ordinal, item, column, path);
  } else if (value.is(Json::Type::Object)) {
    add_members(ordinal, value, path, false);
  } else {
    if (column != nullptr) column->add(ordinal, value);
    return;
  }
  if (column != nullptr) column->add_presence(ordinal);
}

// The documents that satisfy one comparison.
Bitset FilterIndex::State::comparison(const Predicate& predicate, std::size_t documents) const {
  const Leaf leaf = leaf_of(predicate);
  Words words = words_for(documents);
  if (const auto column = paths.find(predicate.path)) {
    columns[*column]->mark(leaf.op, predicate.operands, documents, words);
  } else if (!overflow.empty()) {
    Predicate plain{
        .op = leaf.op, .path = predicate.path, .operands = predicate.operands, .children = {}};
    if (leaf.op == Op::Exists || leaf.op == Op::IsNull) plain.operands = {Json::boolean(true)};
    overflow.mark(plain, documents, words);
  }
  Bitset out = Bitset::from_words(std::move(words), documents);
  if (leaf.complement) out.flip();
  return out;
}

Bitset FilterIndex::State::evaluate(const Predicate& predicate, std::size_t documents) const {
  switch (predicate.op) {
    case Op::True: return Bitset(documents, true);
    case Op::And: {
      Bitset out(documents, true);
      for (const Predicate& child : predicate.children) {
        if (out.none()) break;
        out &= evaluate(child, documents);
      }
      return out;
    }
    case Op::Or: {
      Bitset out(documents);
      for (const Predicate& child : predicate.children) out |= evaluate(child, documents);
      return out;
    }
    case Op::Not: {
      Bitset out = evaluate(predicate.children.front(), documents);
      out.flip();
      return out;
    }
    default: return comparison(predicate, documents);
  }
}

FilterIndex::FilterIndex(const FilterLimits& limits) : state_(std::make_unique<State>()) {
  state_->limits = limits;
}
FilterIndex::~FilterIndex() = default;
FilterIndex::FilterIndex(FilterIndex&&) noexcept = default;
FilterIndex& FilterIndex::operator=(FilterIndex&&) noexcept = default;

void FilterIndex::add(Ordinal ordinal, const Json& metadata) {
  assert(ordinal >= state_->size);
  state_->remember(ordinal, metadata);
  state_->add(ordinal, metadata);
}

void FilterIndex::State::add(Ordinal ordinal, const Json& metadata) {
  size = std::size_t{ordinal} + 1;
  if (!metadata.is(Json::Type::Object)) return;
  std::string path;
  left_out = false;
  add_members(ordinal, metadata, path, true);
  if (left_out) overflow.add(ordinal, metadata);
}

void FilterIndex::State::remember(Ordinal ordinal, const Json& metadata) {
  if (is_whole_due || !metadata.is(Json::Type::Object) || metadata.members().empty()) return;
  unsaved.put(ordinal);
  unsaved.put_text(write_json(metadata));
  if (stored.takes(unsaved.size() + kPatchFrame)) return;
  is_whole_due = true;
  unsaved = {};
}

std::size_t FilterIndex::size() const noexcept { return state_->size; }

Bitset FilterIndex::evaluate(const Predicate& predicate, std::size_t documents) const {
  return state_->evaluate(predicate, documents);
}

std::vector<ValueCount> FilterIndex::commonest(std::string_view path, const Bitset& documents,
                                               std::size_t limit) const {
  if (const auto column = state_->paths.find(path))
    return state_->columns[*column]->commonest(documents, limit);
  Column gathered;
  state_->overflow.gather(path, gathered);
  return gathered.commonest(documents, limit);
}

// A base: u32 version, limits, u32 documents, paths, a column per path, overflow, checksum64 of all
// that. A patch: u32 documents after it, (u32 ordinal, text metadata)*, checksum64.
void FilterIndex::save(SectionSink& sink) {
  if (state_->stored.is_stored() && state_->saved_size == state_->size) return;
  state_->saved_size = state_->size;
  ByteWriter changes = std::exchange(state_->unsaved, {});
  ByteWriter out;
  if (!std::exchange(state_->is_whole_due, false) &&
      state_->stored.takes(changes.size() + kPatchFrame)) {
    out.put(static_cast<std::uint32_t>(state_->size));
    out.append(changes.view());
    put_checksum(out);
    return state_->stored.patch(sink, out.view());
  }
  out.put(kVersion);
  out.put(state_->limits.paths);
  out.put(state_->limits.path_bytes);
  out.put(static_cast<std::uint32_t>(state_->size));
  state_->paths.save(out);
  for (const auto& column : state_->columns) column->save(out);
  state_->overflow.save(out);
  put_checksum(out);
  state_->stored.replace(sink, out.view());
}

Result<FilterIndex> FilterIndex::load(const SectionSource& source) {
  FilterIndex out;
  if (source.section(SectionId::Columns).empty()) return out;
  const Result<PatchedContent> content = split_patched(source.section(SectionId::Columns));
  if (!content) return content.error();
  State& state = *out.state_;
  if (Status loaded = state.load(content->base); !loaded) return loaded.error();
  for (const ByteView patch : content->patches) {
    if (Status applied = state.apply(patch); !applied) return applied.error();
  }
  state.stored.loaded(*content);
  state.saved_size = state.size;
  return out;
}

Status FilterIndex::State::load(ByteView bytes) {
  const Result<ByteView> body = checked(bytes);
  if (!body) return body.error();
  ByteReader in(*body);
  const auto version = in.get<std::uint32_t>();
  if (version > kVersion) {
    return Error{ErrorCode::UnsupportedFormat,
                 "filter columns of version " + std::to_string(version) +
                     ", this library knows up to " + std::to_string(kVersion)};
  }
  limits.paths = in.get<std::uint32_t>();
  limits.path_bytes = in.get<std::uint32_t>();
  size = in.get<std::uint32_t>();
  paths = Dictionary::load(in);
  if (version == 0 || paths.size() > limits.paths) in.fail();
  for (std::size_t i = 0; i < paths.size() && in.ok(); ++i) {
    columns.push_back(std::make_unique<Column>(Column::load(in, size)));
  }
  overflow = Overflow::load(in, size);
  return in.finished() ? Status(Done{}) : unlisted();
}

Status FilterIndex::State::apply(ByteView patch) {
  const Result<ByteView> body = checked(patch);
  if (!body) return body.error();
  ByteReader in(*body);
  const std::size_t end = in.get<std::uint32_t>();
  while (in.remaining() > 0) {
    const auto ordinal = in.get<Ordinal>();
    const auto metadata = parse_json(in.get_text(), kNoLimits);
    if (!in.ok() || ordinal < size || ordinal >= end || !metadata ||
        !metadata->is(Json::Type::Object)) {
      return unlisted();
    }
    add(ordinal, *metadata);
  }
  if (!in.ok() || end < size) return unlisted();
  size = end;
  return Done{};
}

std::uint64_t FilterIndex::bytes() const noexcept {
  std::uint64_t total = state_->paths.bytes() + state_->overflow.bytes();
  for (const auto& column : state_->columns) total += column->bytes();
  return total;
}

}  // namespace corsac::filter

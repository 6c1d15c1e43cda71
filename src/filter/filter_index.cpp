#include "filter/filter_index.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include "base/checksum.h"
#include "filter/column.h"
#include "filter/dictionary.h"
#include "filter/leaf.h"
#include "filter/overflow.h"

namespace corsac::filter {
namespace {

constexpr std::uint32_t kVersion = 1;

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
  state_->size = std::size_t{ordinal} + 1;
  if (!metadata.is(Json::Type::Object)) return;
  std::string path;
  state_->left_out = false;
  state_->add_members(ordinal, metadata, path, true);
  if (state_->left_out) state_->overflow.add(ordinal, metadata);
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

// u32 version, limits, u32 documents, paths, a column per path, overflow, checksum64 of all that.
void FilterIndex::save(SectionSink& sink) {
  ByteWriter out;
  out.put(kVersion);
  out.put(state_->limits.paths);
  out.put(state_->limits.path_bytes);
  out.put(static_cast<std::uint32_t>(state_->size));
  state_->paths.save(out);
  for (const auto& column : state_->columns) column->save(out);
  state_->overflow.save(out);
  out.put(checksum64(out.view()));
  sink.replace(SectionId::Columns, out.view());
}

Result<FilterIndex> FilterIndex::load(const SectionSource& source) {
  const ByteView bytes = source.section(SectionId::Columns);
  FilterIndex out;
  if (bytes.empty()) return out;
  ByteReader whole(bytes);
  const ByteView body = whole.take(bytes.size() - std::min(bytes.size(), sizeof(std::uint64_t)));
  if (whole.get<std::uint64_t>() != checksum64(body) || !whole.finished()) {
    return Error{ErrorCode::Corrupt, "the filter columns of " + std::to_string(bytes.size()) +
                                         " bytes fail their checksum"};
  }
  ByteReader in(body);
  const auto version = in.get<std::uint32_t>();
  if (version > kVersion) {
    return Error{ErrorCode::UnsupportedFormat,
                 "filter columns of version " + std::to_string(version) +
                     ", this library knows up to " + std::to_string(kVersion)};
  }
  State& state = *out.state_;
  state.limits.paths = in.get<std::uint32_t>();
  state.limits.path_bytes = in.get<std::uint32_t>();
  state.size = in.get<std::uint32_t>();
  state.paths = Dictionary::load(in);
  if (version == 0 || state.paths.size() > state.limits.paths) in.fail();
  for (std::size_t i = 0; i < state.paths.size() && in.ok(); ++i) {
    state.columns.push_back(std::make_unique<Column>(Column::load(in, state.size)));
  }
  state.overflow = Overflow::load(in, state.size);
  if (!in.finished())
    return Error{ErrorCode::Corrupt, "the filter columns do not hold what they list"};
  return out;
}

std::uint64_t FilterIndex::bytes() const noexcept {
  std::uint64_t total = state_->paths.bytes() + state_->overflow.bytes();
  for (const auto& column : state_->columns) total += column->bytes();
  return total;
}

}  // namespace corsac::filter

// Numbers and strings by document: one pass over the values of a column, branch-free inside.
#include <algorithm>
#include <cmath>

#include "filter/column.h"
#include "filter/leaf.h"

namespace corsac::filter {
namespace {

void mark_all(const Entries& entries, std::size_t documents, Words& words) {
  entries.mark(documents, words, [](std::size_t) { return true; });
}

template <class Value>
void mark_in_order(Op op, const Entries& entries, const std::vector<Value>& values, Value operand,
                   std::size_t documents, Words& words) {
  const Value* value = values.data();
  switch (op) {
    case Op::Eq:
      return entries.mark(documents, words, [=](std::size_t i) { return value[i] == operand; });
    case Op::Gt:
      return entries.mark(documents, words, [=](std::size_t i) { return value[i] > operand; });
    case Op::Gte:
      return entries.mark(documents, words, [=](std::size_t i) { return value[i] >= operand; });
    case Op::Lt:
      return entries.mark(documents, words, [=](std::size_t i) { return value[i] < operand; });
    case Op::Lte:
      return entries.mark(documents, words, [=](std::size_t i) { return value[i] <= operand; });
    default: return;
  }
}

}  // namespace

void NumberColumn::add(Ordinal ordinal, double value) {
  entries_.add(ordinal);
  values_.push_back(value == 0 ? 0.0 : value);
}

void NumberColumn::mark(Op op, std::span<const Json> operands, std::size_t documents,
                        Words& words) const {
  if (op == Op::Exists) return mark_all(entries_, documents, words);
  std::vector<double> wanted;
  for (const Json& operand : operands) {
    if (operand.is(Json::Type::Number)) wanted.push_back(operand.as_number());
  }
  if (wanted.empty()) return;
  if (wanted.size() == 1) {
    return mark_in_order(op == Op::In ? Op::Eq : op, entries_, values_, wanted.front(), documents,
                         words);
  }
  std::sort(wanted.begin(), wanted.end());
  entries_.mark(documents, words, [&](std::size_t i) {
    return std::binary_search(wanted.begin(), wanted.end(), values_[i]);
  });
}

std::vector<double> NumberColumn::count(const Bitset& documents, ValueCounter& counter) const {
  const auto first = static_cast<std::uint32_t>(counter.counts().size());
  Dictionary known;
  std::vector<double> values;
  entries_.for_each(documents, [&](std::size_t i, Ordinal ordinal) {
    const std::uint32_t number = known.intern(as_text(std::as_bytes(std::span(&values_[i], 1))));
    if (number == values.size()) values.push_back(values_[i]);
    counter.add(first + number, ordinal);
  });
  return values;
}

void NumberColumn::save(ByteWriter& out) const {
  entries_.save(out);
  out.put_all(std::span(values_));
}

NumberColumn NumberColumn::load(ByteReader& in, std::size_t end) {
  NumberColumn out;
  out.entries_ = Entries::load(in, end);
  out.values_ = in.get_all<double>(out.entries_.size());
  const auto strange = [](double value) {
    return !std::isfinite(value) || (value == 0 && std::signbit(value));
  };
  if (std::any_of(out.values_.begin(), out.values_.end(), strange)) in.fail();
  return in.ok() ? std::move(out) : NumberColumn{};
}

void StringColumn::add(Ordinal ordinal, std::string_view value) {
  entries_.add(ordinal);
  numbers_.push_back(dictionary_.intern(value));
}

void StringColumn::mark(Op op, std::span<const Json> operands, std::size_t documents,
                        Words& words) const {
  if (op == Op::Exists) return mark_all(entries_, documents, words);
  std::vector<std::uint8_t> wanted;
  const auto want = [&](std::uint32_t number) {
    if (wanted.empty()) wanted.resize(dictionary_.size());
    wanted[number] = 1;
  };
  for (const Json& operand : operands) {
    if (!operand.is(Json::Type::String)) continue;
    const std::string& text = operand.as_string();
    if (op == Op::Eq || op == Op::In) {
      const auto number = dictionary_.find(text);
      if (number && operands.size() == 1) {
        return mark_in_order(Op::Eq, entries_, numbers_, *number, documents, words);
      }
      if (number) want(*number);
      continue;
    }
    if (op == Op::Contains) {
      for (const std::uint32_t number : dictionary_.containing(text)) want(number);
      continue;
    }
    for (std::uint32_t number = 0; number < dictionary_.size(); ++number) {
      if (string_satisfies(op, dictionary_[number], text)) want(number);
    }
  }
  if (wanted.empty()) return;
  entries_.mark(documents, words, [&](std::size_t i) { return wanted[numbers_[i]] != 0; });
}

void StringColumn::count(const Bitset& documents, ValueCounter& counter) const {
  entries_.for_each(documents,
                    [&](std::size_t i, Ordinal ordinal) { counter.add(numbers_[i], ordinal); });
}

void StringColumn::save(ByteWriter& out) const {
  entries_.save(out);
  dictionary_.save(out);
  out.put_all(std::span(numbers_));
}

StringColumn StringColumn::load(ByteReader& in, std::size_t end) {
  StringColumn out;
  out.entries_ = Entries::load(in, end);
  out.dictionary_ = Dictionary::load(in);
  out.numbers_ = in.get_all<std::uint32_t>(out.entries_.size());
  const auto unknown = [&](std::uint32_t number) { return number >= out.dictionary_.size(); };
  if (std::any_of(out.numbers_.begin(), out.numbers_.end(), unknown)) in.fail();
  return in.ok() ? std::move(out) : StringColumn{};
}

}  // namespace corsac::filter

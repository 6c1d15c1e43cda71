// Numbers and strings by document: found by their orders, or in one pass over the values of a
// column.
#include <algorithm>
#include <cmath>
#include <functional>

#include "base/sort.h"
#include "filter/column.h"
#include "filter/leaf.h"

namespace corsac::filter {
namespace {

void mark_all(const Entries& entries, std::size_t documents, Words& words) {
  entries.mark(0, documents, words, [](std::size_t) { return true; });
}

/// One pass over the entries at or above `from`, branch-free inside.
void scan(Op op, const Entries& entries, const double* value, double operand, std::size_t from,
          std::size_t documents, Words& words) {
  switch (op) {
    case Op::Eq:
      return entries.mark(from, documents, words,
                          [=](std::size_t i) { return value[i] == operand; });
    case Op::Gt:
      return entries.mark(from, documents, words,
                          [=](std::size_t i) { return value[i] > operand; });
    case Op::Gte:
      return entries.mark(from, documents, words,
                          [=](std::size_t i) { return value[i] >= operand; });
    case Op::Lt:
      return entries.mark(from, documents, words,
                          [=](std::size_t i) { return value[i] < operand; });
    case Op::Lte:
      return entries.mark(from, documents, words,
                          [=](std::size_t i) { return value[i] <= operand; });
    default: return;
  }
}

/// The items of an order that satisfy a comparison, given where the operand's equals would stand.
std::span<const std::uint32_t> part_of(Op op, std::span<const std::uint32_t> items,
                                       std::size_t first_equal, std::size_t end_equal) {
  switch (op) {
    case Op::Eq: return items.subspan(first_equal, end_equal - first_equal);
    case Op::Gt: return items.subspan(end_equal);
    case Op::Gte: return items.subspan(first_equal);
    case Op::Lt: return items.first(first_equal);
    case Op::Lte: return items.first(end_equal);
    default: return {};
  }
}

/// How many items stand before the first for which `is_before` fails.
template <class Test>
std::size_t count_while(std::span<const std::uint32_t> items, const Test& is_before) {
  return static_cast<std::size_t>(std::partition_point(items.begin(), items.end(), is_before) -
                                  items.begin());
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
  const auto less = [](const void* owner, std::uint32_t a, std::uint32_t b) {
    const double* values = static_cast<const double*>(owner);
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  };
  order_.prepare(values_.size(), less, values_.data());
  const std::span<const std::uint32_t> items = order_.items();
  const Op simple = op == Op::In ? Op::Eq : op;
  // A part that is no small one is scanned faster than it is set bit by bit.
  const std::size_t most = items.size() / 2;
  std::size_t from = order_.covered();
  std::size_t marked = 0;
  for (const double operand : wanted) {
    const auto part = part_of(
        simple, items, count_while(items, [&](std::uint32_t i) { return values_[i] < operand; }),
        count_while(items, [&](std::uint32_t i) { return values_[i] <= operand; }));
    marked += part.size();
    if (marked > most) break;
    entries_.mark(part, documents, words);
  }
  if (marked > most) from = 0;
  if (wanted.size() == 1)
    return scan(simple, entries_, values_.data(), wanted.front(), from, documents, words);
  sort_items(wanted, std::less<>{});
  entries_.mark(from, documents, words, [&](std::size_t i) {
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
  std::vector<std::uint32_t> wanted;
  for (const Json& operand : operands) {
    if (!operand.is(Json::Type::String)) continue;
    const std::string& text = operand.as_string();
    if (op == Op::Eq || op == Op::In) {
      if (const auto number = dictionary_.find(text)) wanted.push_back(*number);
    } else if (op == Op::Contains) {
      wanted = dictionary_.containing(text);
    } else {
      gather(op, text, wanted);
    }
  }
  if (!wanted.empty()) mark_numbers(wanted, documents, words);
}

// Appends the numbers of the strings that satisfy an order or $startsWith.
void StringColumn::gather(Op op, std::string_view operand,
                          std::vector<std::uint32_t>& wanted) const {
  const auto less = [](const void* owner, std::uint32_t a, std::uint32_t b) {
    const Dictionary& texts = *static_cast<const Dictionary*>(owner);
    return texts[a] < texts[b];
  };
  order_.prepare(dictionary_.size(), less, &dictionary_);
  const std::span<const std::uint32_t> items = order_.items();
  const auto text = [&](std::uint32_t number) { return dictionary_[number]; };
  const std::size_t first =
      count_while(items, [&](std::uint32_t number) { return text(number) < operand; });
  const bool starts = op == Op::StartsWith;
  const std::size_t equal = count_while(items.subspan(first), [&](std::uint32_t number) {
    return starts ? text(number).starts_with(operand) : text(number) == operand;
  });
  const auto part = part_of(starts ? Op::Eq : op, items, first, first + equal);
  wanted.assign(part.begin(), part.end());
  for (auto number = static_cast<std::uint32_t>(items.size()); number < dictionary_.size();
       ++number) {
    if (string_satisfies(op, text(number), operand)) wanted.push_back(number);
  }
}

void StringColumn::mark_numbers(std::span<const std::uint32_t> wanted, std::size_t documents,
                                Words& words) const {
  groups_.prepare(numbers_, dictionary_.size());
  std::size_t from = groups_.covered();
  std::size_t marked = 0;
  for (const std::uint32_t number : wanted) marked += groups_.of(number).size();
  if (marked > from / 2) {
    from = 0;
  } else {
    for (const std::uint32_t number : wanted) entries_.mark(groups_.of(number), documents, words);
  }
  if (from == numbers_.size()) return;
  const std::uint32_t* numbers = numbers_.data();
  if (wanted.size() == 1) {
    const std::uint32_t only = wanted.front();
    return entries_.mark(from, documents, words, [=](std::size_t i) { return numbers[i] == only; });
  }
  std::vector<std::uint8_t> is_wanted(dictionary_.size());
  for (const std::uint32_t number : wanted) is_wanted[number] = 1;
  entries_.mark(from, documents, words, [&](std::size_t i) { return is_wanted[numbers[i]] != 0; });
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

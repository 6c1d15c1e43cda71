#include "filter/column.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/top_k.h"

namespace corsac::filter {
namespace {

// Whether the equality or order asked for can hold for this scalar of its kind.
bool wants(Op op, std::span<const Json> operands, const Json& scalar) noexcept {
  if (op != Op::Eq && op != Op::In) return false;
  return std::any_of(operands.begin(), operands.end(), [&](const Json& operand) {
    if (operand.type() != scalar.type()) return false;
    return scalar.is(Json::Type::Null) || operand.as_boolean() == scalar.as_boolean();
  });
}

}  // namespace

void ValueCounter::add(std::uint32_t number, Ordinal ordinal) {
  if (number >= counts_.size()) {
    counts_.resize(number + 1);
    last_.resize(number + 1, kNoOrdinal);
  }
  if (last_[number] == ordinal) return;
  last_[number] = ordinal;
  ++counts_[number];
}

void Column::add(Ordinal ordinal, const Json& scalar) {
  last_ = ordinal;
  switch (scalar.type()) {
    case Json::Type::Null: return nulls_.add(ordinal);
    case Json::Type::Boolean: return (scalar.as_boolean() ? trues_ : falses_).add(ordinal);
    case Json::Type::Number: return numbers_.add(ordinal, scalar.as_number());
    case Json::Type::String: return strings_.add(ordinal, scalar.as_string());
    case Json::Type::Array:
    case Json::Type::Object: assert(false);
  }
}

void Column::add_presence(Ordinal ordinal) {
  if (last_ != ordinal) others_.add(ordinal);
}

void Column::mark(Op op, std::span<const Json> operands, std::size_t documents,
                  Words& words) const {
  if (op == Op::IsNull) return nulls_.mark(documents, words);
  const bool any = op == Op::Exists;
  numbers_.mark(op, operands, documents, words);
  strings_.mark(op, operands, documents, words);
  if (any || wants(op, operands, Json::boolean(true))) trues_.mark(documents, words);
  if (any || wants(op, operands, Json::boolean(false))) falses_.mark(documents, words);
  if (any || wants(op, operands, Json())) nulls_.mark(documents, words);
  if (any) others_.mark(documents, words);
}

std::vector<ValueCount> Column::commonest(const Bitset& documents, std::size_t limit) const {
  const Dictionary& texts = strings_.dictionary();
  ValueCounter counter;
  strings_.count(documents, counter);
  const std::size_t text_count = counter.counts().size();
  const std::vector<double> numbers = numbers_.count(documents, counter);
  const std::array<const OrdinalSet*, 3> sets = {&trues_, &falses_, &nulls_};

  TopK best(limit);
  const auto push = [&](std::size_t number, std::size_t count) {
    if (count > 0) best.push({static_cast<Ordinal>(number), static_cast<float>(count)});
  };
  const std::span<const std::uint32_t> counts = counter.counts();
  for (std::size_t i = 0; i < counts.size(); ++i) push(i, counts[i]);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    Words words = words_for(documents.size());
    sets[i]->mark(documents.size(), words);
    Bitset both = Bitset::from_words(std::move(words), documents.size());
    both &= documents;
    push(counts.size() + i, both.count());
  }

  std::vector<ValueCount> out;
  for (const auto& [number, count] : best.take()) {
    Json value;
    if (number < text_count) {
      value = Json::string(std::string(texts[number]));
    } else if (number < counts.size()) {
      value = Json::number(numbers[number - text_count]);
    } else if (number < counts.size() + 2) {
      value = Json::boolean(number == counts.size());
    }
    out.push_back({std::move(value), static_cast<std::uint32_t>(count)});
  }
  return out;
}

void Column::save(ByteWriter& out) const {
  numbers_.save(out);
  strings_.save(out);
  for (const OrdinalSet* set : {&trues_, &falses_, &nulls_, &others_}) set->save(out);
}

Column Column::load(ByteReader& in, std::size_t end) {
  Column out;
  out.numbers_ = NumberColumn::load(in, end);
  out.strings_ = StringColumn::load(in, end);
  for (OrdinalSet* set : {&out.trues_, &out.falses_, &out.nulls_, &out.others_})
    *set = OrdinalSet::load(in, end);
  return out;
}

std::uint64_t Column::bytes() const noexcept {
  return sizeof *this + numbers_.bytes() + strings_.bytes() + trues_.bytes() + falses_.bytes() +
         nulls_.bytes() + others_.bytes();
}

}  // namespace corsac::filter

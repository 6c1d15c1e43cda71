#include "filter/column.h"

#include <algorithm>
#include <utility>

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

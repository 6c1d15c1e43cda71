// Which documents satisfy a comparison at one path? Every value they have there, apart by kind.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bitset.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/types.h"
#include "filter/dictionary.h"
#include "filter/entries.h"
#include "filter/ordinal_set.h"
#include "filter/predicate.h"
#include "filter/value_order.h"

namespace corsac::filter {

/// A value and how many documents have it.
struct ValueCount {
  Json value;
  std::uint32_t documents = 0;
};

/// Counts values by number; a document that has a value twice counts once.
class ValueCounter {
 public:
  void add(std::uint32_t number, Ordinal ordinal);
  std::span<const std::uint32_t> counts() const noexcept { return counts_; }

 private:
  std::vector<std::uint32_t> counts_;
  std::vector<Ordinal> last_;  // the last document counted
};

class NumberColumn {
 public:
  void add(Ordinal ordinal, double value);
  /// Marks the documents with a number that satisfies the comparison; all with a number for Exists.
  void mark(Op op, std::span<const Json> operands, std::size_t documents, Words& words) const;
  /// Values get numbers above those that `counter` has counted, by their first use; gives them.
  std::vector<double> count(const Bitset& documents, ValueCounter& counter) const;

  void save(ByteWriter& out) const;
  static NumberColumn load(ByteReader& in, std::size_t end);
  std::uint64_t bytes() const noexcept {
    return entries_.bytes() + values_.size() * sizeof(double) + order_.bytes();
  }

 private:
  Entries entries_;
  std::vector<double> values_;  // by entry; never -0
  mutable ValueOrder order_;    // over entries
};

class StringColumn {
 public:
  void add(Ordinal ordinal, std::string_view value);
  void mark(Op op, std::span<const Json> operands, std::size_t documents, Words& words) const;
  /// Values keep their numbers in the dictionary.
  void count(const Bitset& documents, ValueCounter& counter) const;
  const Dictionary& dictionary() const noexcept { return dictionary_; }

  void save(ByteWriter& out) const;
  static StringColumn load(ByteReader& in, std::size_t end);
  std::uint64_t bytes() const noexcept {
    return entries_.bytes() + numbers_.size() * sizeof(std::uint32_t) + dictionary_.bytes() +
           order_.bytes() + groups_.bytes();
  }

 private:
  void mark_numbers(std::span<const std::uint32_t> wanted, std::size_t documents,
                    Words& words) const;
  void gather(Op op, std::string_view operand, std::vector<std::uint32_t>& wanted) const;

  Entries entries_;
  std::vector<std::uint32_t> numbers_;  // by entry, into the dictionary
  Dictionary dictionary_;
  mutable ValueOrder order_;    // over the strings of the dictionary
  mutable EntryGroups groups_;  // by number
};

class Column {
 public:
  /// Requires: a scalar, and no higher ordinal added before.
  void add(Ordinal ordinal, const Json& scalar);
  /// The path is there, whatever it holds. After the scalars of the same document.
  void add_presence(Ordinal ordinal);

  /// Marks the documents that satisfy the comparison. Requires: op is none of Ne, Nin and the
  /// combinations.
  void mark(Op op, std::span<const Json> operands, std::size_t documents, Words& words) const;
  /// The values that most of `documents` have, at most `limit`; equal counts: strings, numbers,
  /// true, false, null, each by first use.
  std::vector<ValueCount> commonest(const Bitset& documents, std::size_t limit) const;

  void save(ByteWriter& out) const;
  /// Fails the reader for anything that add() could not have made of ordinals below `end`.
  static Column load(ByteReader& in, std::size_t end);
  std::uint64_t bytes() const noexcept;

 private:
  NumberColumn numbers_;
  StringColumn strings_;
  OrdinalSet trues_;
  OrdinalSet falses_;
  OrdinalSet nulls_;
  OrdinalSet others_;          // documents with the path, but without a scalar at it
  Ordinal last_ = kNoOrdinal;  // the last document that has a scalar here
};

}  // namespace corsac::filter

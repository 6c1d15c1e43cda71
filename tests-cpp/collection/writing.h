// Short ways to write to a collection in tests.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collection/collection.h"

namespace corsac::collection::test {

/// A document that owns what it is made of.
struct Doc {
  std::string id;
  std::optional<std::string> content;
  std::optional<std::string> metadata;
  std::vector<float> vector;
  bool keep_vectors = false;
};

inline NewDocument view(const Doc& doc) {
  NewDocument out;
  out.id = doc.id;
  if (doc.content) out.content = *doc.content;
  if (doc.metadata) out.metadata = *doc.metadata;
  out.vectors = std::as_bytes(std::span(doc.vector));
  out.vector_count = doc.vector.empty() ? 0 : 1;
  out.keep_vectors = doc.keep_vectors;
  return out;
}

inline Bytes write_bytes(WriteMode mode, std::span<const Doc> docs) {
  WriteEncoder encoder(mode);
  for (const Doc& doc : docs) encoder.add(view(doc));
  return std::move(encoder).take();
}

inline Bytes upsert_bytes(std::initializer_list<Doc> docs) {
  return write_bytes(WriteMode::Upsert, std::vector<Doc>(docs));
}

inline Bytes remove_bytes(std::initializer_list<std::string_view> ids) {
  Operation operation;
  operation.kind = OperationKind::Remove;
  operation.ids = ids;
  return encode_operation(operation);
}

/// What validate() says of an operation.
inline Status validated(Collection& to, const Bytes& bytes) {
  const auto operation = decode_operation(bytes, to.options().dimension);
  return operation ? to.validate(*operation) : Status(operation.error());
}

/// Applies validated bytes in slices of `units`.
inline void run(Collection& to, Bytes bytes, std::uint64_t units = ~std::uint64_t{0}) {
  to.begin_apply(std::move(bytes));
  for (bool done = false; !done;) {
    Budget budget{units};
    done = to.step(budget);
  }
}

inline void apply(Collection& to, Bytes bytes, std::uint64_t units = ~std::uint64_t{0}) {
  const Status valid = validated(to, bytes);
  ASSERT_TRUE(valid.has_value()) << valid.error().message;
  run(to, std::move(bytes), units);
}

inline void upsert(Collection& to, std::initializer_list<Doc> docs) {
  apply(to, upsert_bytes(docs));
}
inline void remove(Collection& to, std::initializer_list<std::string_view> ids) {
  apply(to, remove_bytes(ids));
}

inline CollectionOptions options_of(std::string_view json) {
  auto options = parse_options(json);
  EXPECT_TRUE(options.has_value()) << (options ? "" : options.error().message);
  return *std::move(options);
}

inline Collection collection_of(std::string_view json) {
  auto out = Collection::create(options_of(json));
  EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().message);
  return *std::move(out);
}

/// The ids of a result, best first.
inline std::vector<std::string> ids(const Collection& of, const Result<SearchResult>& found) {
  EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
  std::vector<std::string> out;
  if (!found) return out;
  for (const ScoredDocument& hit : found->hits) out.emplace_back(of.id(hit.ordinal));
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace corsac::collection::test

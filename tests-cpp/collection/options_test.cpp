#include "collection/options.h"

#include <gtest/gtest.h>

namespace corsac::collection {
namespace {

std::optional<std::string> between(std::string_view stored, std::string_view asked) {
  const auto a = parse_options(stored);
  const auto b = parse_options(asked);
  EXPECT_TRUE(a.has_value() && b.has_value());
  return difference(*a, *b);
}

TEST(Options, TheFirstDifferenceIsASentenceWithBothValues) {
  EXPECT_EQ(between(R"({"dimension":384})", R"({"dimension":128,"metric":"dot"})"),
            "dimension is 384 in the stored collection, asked for 128");
  EXPECT_EQ(between(R"({"dimension":3})", R"({"dimension":3,"metric":"dot"})"),
            R"(metric is "cosine" in the stored collection, asked for "dot")");
  EXPECT_EQ(between(R"({"dimension":3})", R"({"dimension":3,"index":{"kind":"hnsw"}})"),
            R"(index.kind is "auto" in the stored collection, asked for "hnsw")");
  EXPECT_EQ(between(R"({"dimension":3,"index":{"kind":"hnsw"}})",
                    R"({"dimension":3,"index":{"kind":"hnsw","m":20}})"),
            "index.m is 16 in the stored collection, asked for 20");
  EXPECT_EQ(between(R"({"dimension":3})", R"({"dimension":3,"text":false})"),
            "text is on in the stored collection, asked for false");
  EXPECT_EQ(between(R"({"text":{"k1":1.2}})", R"({"text":{"k1":0.9}})"),
            "text.k1 is 1.2 in the stored collection, asked for 0.9");
  EXPECT_EQ(between(R"({"text":{"stopWords":["a"]}})", R"({})"),
            R"(text.stopWords is ["a"] in the stored collection, asked for false)");
}

TEST(Options, WhatAnAutomaticIndexIsTodayIsNoDifference) {
  EXPECT_EQ(between(R"({"dimension":3,"index":{"kind":"auto","today":"hnsw","codec":"sq8"}})",
                    R"({"dimension":3})"),
            std::nullopt);
}

TEST(Options, WhatBelongsToTheEmbedderOrToTheFilesIsNoDifference) {
  EXPECT_EQ(between(R"({"dimension":3,"embedder":"a","hybridWeight":0.3,"documentCodec":"zstd"})",
                    R"({"dimension":3})"),
            std::nullopt);
}

TEST(Options, WhatAFlatIndexIgnoresIsNoDifference) {
  EXPECT_EQ(between(R"({"dimension":3,"index":{"kind":"flat","m":8}})",
                    R"({"dimension":3,"index":{"kind":"flat"}})"),
            std::nullopt);
}

}  // namespace
}  // namespace corsac::collection

#include "collection/options.h"

#include <gtest/gtest.h>

namespace corsac::collection {
namespace {

CollectionOptions parsed(std::string_view json) {
  const auto options = parse_options(json);
  EXPECT_TRUE(options.has_value()) << (options ? "" : options.error().message);
  return options ? *options : CollectionOptions{};
}

TEST(OptionsJson, DefaultsAreAnAutomaticIndexAndEnglishText) {
  const CollectionOptions options = parsed(R"({"dimension":384})");
  EXPECT_EQ(options.dimension, 384u);
  EXPECT_TRUE(options.has_index);
  EXPECT_TRUE(options.auto_index);
  EXPECT_EQ(options.index.kind, index::Kind::Flat);
  EXPECT_EQ(options.index.dimension, 384u);
  EXPECT_TRUE(options.has_text);
  EXPECT_EQ(options.text.language, "en");
  EXPECT_EQ(options.originals, Originals::F32);
}

TEST(OptionsJson, EveryFieldIsReadAndWrittenBack) {
  const CollectionOptions options = parsed(R"({"dimension":7,"metric":"l2",
    "index":{"kind":"hnsw","codec":"sq8","rerank":"none","m":8,"efConstruction":50,"efSearch":33,"build":"sequential","seed":9},
    "text":{"language":"de","analyzer":"simple","stopWords":["und","die"],"foldAccents":false,"positions":false,"fields":{"title":2.5,"a.b":1},"k1":0.9,"b":0.4},
    "originals":"none","embedder":"mini","hybridWeight":0.3,"documentCodec":"zstd"})");
  EXPECT_EQ(options.metric, Metric::L2);
  EXPECT_FALSE(options.auto_index);
  EXPECT_EQ(options.index.kind, index::Kind::Hnsw);
  EXPECT_EQ(options.index.codec, index::CodecKind::Sq8);
  EXPECT_EQ(options.index.rerank, index::RerankStore::None);
  EXPECT_EQ(options.index.m, 8u);
  EXPECT_EQ(options.index.ef_construction, 50u);
  EXPECT_EQ(options.index.ef_search, 33u);
  EXPECT_EQ(options.index.build, index::Build::Sequential);
  EXPECT_EQ(options.index.seed, 9u);
  EXPECT_EQ(options.text.own_stop_words, (std::vector<std::string>{"und", "die"}));
  EXPECT_EQ(options.text.k1, 0.9f);
  EXPECT_EQ(options.hybrid_weight, 0.3f);
  EXPECT_EQ(
      write_options(options),
      R"({"dimension":7,"metric":"l2",)"
      R"("index":{"kind":"hnsw","codec":"sq8","rerank":"none","m":8,"efConstruction":50,"efSearch":33,"build":"sequential","seed":9},)"
      R"("text":{"language":"de","analyzer":"simple","stopWords":false,"ownStopWords":["und","die"],)"
      R"("foldAccents":false,"positions":false,"fields":{"title":2.5,"a.b":1},"k1":0.9,"b":0.4},)"
      R"("originals":"none","embedder":"mini","hybridWeight":0.3,"documentCodec":"zstd"})");
}

TEST(OptionsJson, WhatIsWrittenReadsBackTheSame) {
  for (const char* json : {R"({})", R"({"dimension":3})", R"({"dimension":3,"index":false})",
                           R"({"dimension":8192,"text":false})",
                           R"({"dimension":3,"index":{"kind":"flat","codec":"sq8"}})",
                           R"({"dimension":3,"index":{"kind":"hnsw"}})",
                           R"({"text":{"stopWords":true,"ownStopWords":["x"],"k1":1.7}})"}) {
    const std::string written = write_options(parsed(json));
    EXPECT_EQ(write_options(parsed(written)), written) << json;
    EXPECT_EQ(difference(parsed(json), parsed(written)), std::nullopt) << json;
  }
}

TEST(OptionsJson, AnAutomaticIndexRemembersWhatItIsToday) {
  CollectionOptions options = parsed(R"({"dimension":4})");
  options.index.kind = index::Kind::Hnsw;
  options.index.codec = index::CodecKind::Sq8;
  const CollectionOptions again = parsed(write_options(options));
  EXPECT_TRUE(again.auto_index);
  EXPECT_EQ(again.index.kind, index::Kind::Hnsw);
  EXPECT_EQ(again.index.codec, index::CodecKind::Sq8);
}

TEST(OptionsJson, WithoutADimensionThereIsNoIndex) {
  EXPECT_FALSE(parsed(R"({})").has_index);
  EXPECT_FALSE(parsed(R"({"dimension":0,"index":{"kind":"auto"}})").has_index);
  EXPECT_FALSE(parsed(R"({"dimension":5,"index":false})").has_index);
}

TEST(OptionsJson, WhatIsWrongIsNamedWithItsValueAndWhatIsAccepted) {
  struct Case {
    const char* json;
    const char* message;
  };
  const Case cases[] = {
      {"[]", "options must be an object, got []"},
      {R"({"dimention":3})", "unknown option dimention: 3"},
      {R"({"dimension":8193})", "dimension must be an integer from 0 to 8192, got 8193"},
      {R"({"dimension":1.5})", "dimension must be an integer from 0 to 8192, got 1.5"},
      {R"({"dimension":"3"})", R"(dimension must be an integer from 0 to 8192, got "3")"},
      {R"({"metric":"euclid"})", R"(metric must be one of "cosine", "dot", "l2", got "euclid")"},
      {R"({"dimension":3,"index":true})", "index must be an object or false, got true"},
      {R"({"dimension":3,"index":{}})", R"(index.kind must be "auto", "flat" or "hnsw", got null)"},
      {R"({"dimension":3,"index":{"kind":"ivf"}})",
       R"(index.kind must be "auto", "flat" or "hnsw", got "ivf")"},
      {R"({"dimension":3,"index":{"kind":"auto","m":5}})", "unknown option index.m: 5"},
      {R"({"dimension":3,"index":{"kind":"hnsw","codec":"x"}})",
       R"(index.codec must be one of "f32", "sq8", "sq4", "binary", "pq", got "x")"},
      {R"({"dimension":3,"index":{"kind":"hnsw","m":3}})",
       "index.m must be an integer from 4 to 64, got 3"},
      {R"({"dimension":3,"index":{"kind":"hnsw","m":32,"efConstruction":31}})",
       "index.efConstruction must be an integer from 32 to 4096, got 31"},
      {R"({"dimension":3,"index":{"kind":"hnsw","efSearch":0}})",
       "index.efSearch must be an integer from 1 to 65536, got 0"},
      {R"({"dimension":3,"index":{"kind":"flat","rerank":"plane"}})",
       R"(index.rerank must be "none" with codec "f32", got "plane")"},
      {R"({"index":{"kind":"hnsw"}})",
       R"(index.kind "hnsw" needs a dimension from 1 to 8192, got 0)"},
      {R"({"text":"en"})", R"(text must be an object or false, got "en")"},
      {R"({"text":{"k1":11}})", "text.k1 must be a number from 0 to 10, got 11"},
      {R"({"text":{"fields":{"a":0}}})",
       R"(text.fields must be paths, none of them "content", with boosts above 0 to 1000, got {"a":0})"},
      {R"({"text":{"fields":["a"]}})",
       R"(text.fields must be an object of at most 23 paths with their boosts, got ["a"])"},
      {R"({"text":{"b":-0.1}})", "text.b must be a number from 0 to 1, got -0.1"},
      {R"({"text":{"stopWords":[1]}})", "text.stopWords must be a list of strings, got 1"},
      {R"({"text":{"stopWords":"the"}})",
       R"(text.stopWords must be true, false or a list of strings, got "the")"},
      {R"({"originals":"f8"})", R"(originals must be one of "f32", "f16", "none", got "f8")"},
      {R"({"hybridWeight":2})", "hybridWeight must be a number from 0 to 1, got 2"},
      {R"({"documentCodec":"brotli"})",
       R"(documentCodec must be one of "none", "gzip", "lz4", "zstd", got "brotli")"},
  };
  for (const Case& each : cases) {
    const auto options = parse_options(each.json);
    ASSERT_FALSE(options.has_value()) << each.json;
    EXPECT_EQ(options.error().code, ErrorCode::InvalidArgument) << each.json;
    EXPECT_EQ(options.error().message, each.message) << each.json;
  }
  EXPECT_FALSE(parse_options("{").has_value());
  EXPECT_FALSE(parse_options("").has_value());
}

}  // namespace
}  // namespace corsac::collection

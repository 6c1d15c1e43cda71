// Does the shipped model cut words as BERT's own tokenizer does? Cases of this repository, then
// 19,163 real queries with the pieces that the reference tokenizer gave, where the shared data is
// present.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "compress/codec.h"
#include "embed/static_model.h"
#include "support/shared_data.h"

namespace corsac::embed {
namespace {

namespace fs = std::filesystem;

Bytes read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const ByteView bytes = as_byte_view(content);
  return {bytes.begin(), bytes.end()};
}

class WordPiecePairs : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto loaded =
        StaticModel::load(read_file(test::repository_root() / "js/embed/static-model.bin"));
    ASSERT_TRUE(loaded);
    model_ = *std::move(loaded);
  }

  static std::string pieces(std::string_view text) {
    std::string out;
    for (const Token token : model_.tokenize(text)) {
      if (!out.empty()) out += ' ';
      out += token == kUnknownToken ? "[UNK]" : model_.vocabulary().text(token);
    }
    return out;
  }

 private:
  static StaticModel model_;
};

StaticModel WordPiecePairs::model_;

TEST_F(WordPiecePairs, OfThisRepositoryAgree) {
  EXPECT_EQ(pieces("Where do foxes hide food?"), "where do foxes hide food ?");
  EXPECT_EQ(pieces("pneumonoultramicroscopic"), "p ##ne ##um ##ono ##ult ##ram ##ic ##ros ##copic");
  EXPECT_EQ(pieces("Passwort zurücksetzen"), "pass ##wo ##rt zur ##uck ##set ##zen");
  EXPECT_EQ(pieces("3.14159e-9 x²"), "3 . 141 ##59 ##e - 9 x ##²");
  EXPECT_EQ(pieces("量子 Привет ①"), "[UNK] 子 п ##р ##и ##в ##е ##т [UNK]");
  EXPECT_EQ(pieces("naïve ﬁne 🦊 한"), "naive ﬁ ##ne [UNK] \u1112 ##\u1161 ##\u11AB");
}

/// id -> text of one gzipped file of two columns.
std::map<std::string, std::string> read_pairs(const fs::path& path) {
  const Bytes stored = read_file(path);
  if (stored.size() < 18) return {};
  ByteReader trailer(ByteView(stored).last(4));  // a gzip member ends with its size
  const auto raw = compress::decode(compress::Codec::Gzip, stored, trailer.get<std::uint32_t>());
  if (!raw) return {};
  std::map<std::string, std::string> out;
  const std::string_view text = as_text(*raw);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    const std::size_t tab = line.find('\t');
    if (tab != std::string_view::npos) out.emplace(line.substr(0, tab), line.substr(tab + 1));
    start = end + 1;
  }
  return out;
}

std::string single_spaced(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

TEST_F(WordPiecePairs, OfRealQueriesAgree) {
  const fs::path folder = test::shared_data() / "bert-wordpiece-pairs";
  if (!fs::exists(folder)) GTEST_SKIP() << "no shared data at " << folder;
  std::size_t total = 0;
  std::size_t different = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".test.tsv.gz")) continue;
    const auto queries = read_pairs(entry.path());
    const auto expected = read_pairs(folder / (name.substr(0, name.size() - 6) + "wp.tsv.gz"));
    ASSERT_EQ(queries.size(), expected.size()) << name;
    for (const auto& [id, query] : queries) {
      ++total;
      const std::string actual = pieces(query);
      if (actual == single_spaced(expected.at(id))) continue;
      ++different;
      GTEST_LOG_(INFO) << name << " " << id << "\n  text     " << query << "\n  expected "
                       << expected.at(id) << "\n  actual   " << actual;
    }
  }
  RecordProperty("pairs", static_cast<int>(total));
  EXPECT_EQ(total, 19163u);
  EXPECT_LE(different * 1000, total) << different << " of " << total << " differ";
}

}  // namespace
}  // namespace corsac::embed

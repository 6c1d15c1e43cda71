// How relevant and how fast is the text engine natively? nDCG@10 over a judged collection, with the
// times of indexing, saving, loading and searching beside it.
//
//   relevance <folder>   with docs.tsv (id, text), queries.tsv (id, text), qrels.tsv (query, doc,
//   grade)
//
// Without qrels.tsv only times are printed; without queries.tsv, words are drawn from the
// documents.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "support/sections.h"
#include "text/text_index.h"

namespace {

using corsac::Hit;
using corsac::text::TextQuery;

// Processor time of this program, so that a busy machine does not show.
struct Clock {
  static double now() { return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC; }
};
double ms_since(double start) { return Clock::now() - start; }

std::vector<std::vector<std::string>> read_tsv(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back().push_back(c);
      }
    }
    rows.push_back(std::move(fields));
  }
  return rows;
}

using Grades = std::map<std::string, std::map<std::string, int>>;

// Linear gain, as trec_eval's ndcg_cut.
double ndcg(const std::vector<Hit>& hits, const std::vector<std::vector<std::string>>& docs,
            const std::map<std::string, int>& grades) {
  constexpr std::size_t kDepth = 10;
  double gained = 0, ideal = 0;
  for (std::size_t i = 0; i < std::min(hits.size(), kDepth); ++i) {
    const auto grade = grades.find(docs[hits[i].ordinal][0]);
    if (grade != grades.end()) gained += grade->second / std::log2(static_cast<double>(i) + 2);
  }
  std::vector<int> best;
  for (const auto& [id, grade] : grades) best.push_back(grade);
  std::sort(best.rbegin(), best.rend());
  for (std::size_t i = 0; i < std::min(best.size(), kDepth); ++i)
    ideal += best[i] / std::log2(static_cast<double>(i) + 2);
  return ideal > 0 ? gained / ideal : 0;
}

std::vector<std::vector<std::string>> draw_queries(
    const std::vector<std::vector<std::string>>& docs, std::size_t words, bool neighbours) {
  corsac::Random random(7);
  std::vector<std::vector<std::string>> queries;
  while (queries.size() < 500) {
    std::vector<std::string> all(1);
    for (const char c : docs[random.below(docs.size())][1]) {
      if (c == ' ') {
        all.emplace_back();
      } else {
        all.back().push_back(c);
      }
    }
    if (all.size() <= words) continue;
    std::string text;
    const std::size_t start = random.below(all.size() - words);
    for (std::size_t i = 0; i < words; ++i)
      text += all[neighbours ? start + i : random.below(all.size())] + " ";
    queries.push_back({std::to_string(queries.size()), text});
  }
  return queries;
}

void run(const char* name, const corsac::text::TextIndex& index,
         const std::vector<std::vector<std::string>>& queries,
         const std::vector<std::vector<std::string>>& docs, const Grades& grades, TextQuery query) {
  std::vector<double> times;
  double total = 0;
  for (const auto& row : queries) {
    query.text = row[1];
    const auto start = Clock::now();
    const auto result = index.search(query);
    times.push_back(ms_since(start));
    if (!result) std::abort();
    if (const auto judged = grades.find(row[0]); judged != grades.end())
      total += ndcg(result->hits, docs, judged->second);
  }
  std::sort(times.begin(), times.end());
  std::printf("%-10s p50 %.3f ms, p95 %.3f ms", name, times[times.size() / 2],
              times[times.size() * 95 / 100]);
  if (!grades.empty()) std::printf(", nDCG@10 %.4f", total / static_cast<double>(grades.size()));
  std::printf("\n");
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: relevance <folder>\n");
    return 2;
  }
  const std::string folder = arguments[1];
  const auto docs = read_tsv(folder + "/docs.tsv");
  const auto queries = read_tsv(folder + "/queries.tsv");
  Grades grades;
  for (const auto& row : read_tsv(folder + "/qrels.tsv"))
    grades[row.at(0)][row.at(1)] = std::atoi(row.at(2).c_str());

  corsac::text::TextOptions options;
  for (int i = 2; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "simple") options.analyzer = corsac::text::Analyzer::Simple;
    if (argument == "stop") options.stop_words = true;
    if (argument == "beir") options.k1 = 0.9f, options.b = 0.4f;
  }
  auto index = *corsac::text::create_text_index(options);
  auto start = Clock::now();
  for (std::size_t i = 0; i < docs.size(); ++i)
    index->add(static_cast<corsac::Ordinal>(i), docs[i].at(1));
  const double added = ms_since(start);
  corsac::test::MemorySections sections;
  start = Clock::now();
  index->save(sections);
  const double saved = ms_since(start);
  start = Clock::now();
  index = *corsac::text::load_text_index(options, sections);
  const double loaded = ms_since(start);
  const auto bytes = index->bytes();
  std::printf(
      "%zu documents: %.0f docs/s, save %.0f ms, load %.1f ms; MB: dictionary %.2f, postings %.2f, "
      "lengths %.2f\n",
      docs.size(), static_cast<double>(docs.size()) / added * 1000, saved, loaded,
      static_cast<double>(bytes.dictionary) / 1e6, static_cast<double>(bytes.postings) / 1e6,
      static_cast<double>(bytes.lengths) / 1e6);

  if (!queries.empty()) {
    run("queries", *index, queries, docs, grades, {});
    return 0;
  }
  TextQuery all, prefix;
  all.op = corsac::text::Operator::And;
  prefix.prefix = true;
  run("or3", *index, draw_queries(docs, 3, false), docs, grades, {});
  run("or6", *index, draw_queries(docs, 6, false), docs, grades, {});
  run("near6", *index, draw_queries(docs, 6, true), docs, grades, {});
  run("and2", *index, draw_queries(docs, 2, false), docs, grades, all);
  run("prefix", *index, draw_queries(docs, 1, false), docs, grades, prefix);
  return 0;
}

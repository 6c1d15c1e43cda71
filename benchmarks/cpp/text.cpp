// How fast is the text engine, and how large its index? Reads what scripts/bench-text.mjs writes,
// natively or as wasm under Node, and prints a table that it reads back.
//
//   corsac_text_benchmark <folder> [rounds=5]   with documents.tsv (id, text), queries.tsv (class,
//   text)
//
// A query's time is the best of its rounds, so that a busy machine shows least.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "support/sections.h"
#include "text/sealed_segment.h"
#include "text/term_stream.h"
#include "text/text_index.h"

namespace {

using namespace corsac;
using text::TextQuery;
using Rows = std::vector<std::pair<std::string, std::string>>;

double now_us() {
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}
double cpu_ms() { return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC; }

Rows read_tsv(const std::string& path) {
  Rows rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos) rows.emplace_back(line.substr(0, tab), line.substr(tab + 1));
  }
  return rows;
}

TextQuery query_of(const std::string& kind, std::string& words) {
  TextQuery query;
  query.text = words;
  if (kind == "and2") query.op = text::Operator::And;
  if (kind == "pre") query.prefix = true;
  if (kind == "fz1") query.fuzzy = 1;
  if (kind == "ph2") {
    query.text = words.insert(0, "\"").append("\"");
    query.lenient = false;
  }
  return query;
}

void measure(const text::TextIndex& index, const std::string& kind, const Rows& queries,
             int rounds) {
  std::vector<double> times;
  std::uint64_t hits = 0, examined = 0;
  for (const auto& [own_kind, given] : queries) {
    if (own_kind != kind) continue;
    std::string words = given;
    const TextQuery query = query_of(kind, words);
    double best = 1e300;
    for (int round = 0; round < rounds; ++round) {
      const double start = now_us();
      const auto result = index.search(query);
      best = std::min(best, now_us() - start);
      if (!result) {
        std::printf("failed: %s\n", result.error().message.c_str());
        std::exit(1);
      }
      if (round == 0) hits += result->hits.size(), examined += result->examined;
    }
    times.push_back(best);
  }
  if (times.empty()) return;
  std::sort(times.begin(), times.end());
  std::printf("query %s p50_us %.1f p95_us %.1f hits %llu examined %llu\n", kind.c_str(),
              times[times.size() / 2], times[times.size() * 95 / 100],
              static_cast<unsigned long long>(hits), static_cast<unsigned long long>(examined));
}

void print_sizes(const text::TextIndex& index, const test::MemorySections& sections, double n) {
  double postings = 0, stored = 0;
  for (const SegmentView& view : sections.segments(SectionId::TextSegments)) {
    const auto segment = *text::SealedSegment::open(Bytes(view.bytes.begin(), view.bytes.end()));
    const auto terms = segment->terms();
    while (terms->next()) postings += terms->postings().documents;
    stored += static_cast<double>(view.bytes.size());
  }
  const text::TextBytes bytes = index.bytes();
  std::printf("bytes a_document %.1f: dictionary %.1f postings %.1f positions %.1f lengths %.1f\n",
              stored / n, static_cast<double>(bytes.dictionary) / n,
              static_cast<double>(bytes.postings) / n, static_cast<double>(bytes.positions) / n,
              static_cast<double>(bytes.lengths) / n);
  std::printf("bytes a_posting %.2f without positions, %.2f with; %.0f postings\n",
              static_cast<double>(bytes.postings) / postings,
              static_cast<double>(bytes.postings + bytes.positions) / postings, postings);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: text <folder> [rounds]\n");
    return 2;
  }
  const std::string folder = arguments[1];
  const int rounds = count > 2 ? std::atoi(arguments[2]) : 5;
  const Rows documents = read_tsv(folder + "/documents.tsv");
  const Rows queries = read_tsv(folder + "/queries.tsv");

  const text::TextOptions options;
  auto index = *text::create_text_index(options);
  double start = cpu_ms();
  for (std::size_t i = 0; i < documents.size(); ++i)
    index->add(static_cast<Ordinal>(i), documents[i].second);
  const double added = cpu_ms() - start;
  test::MemorySections sections;
  start = cpu_ms();
  index->save(sections);
  const double saved = cpu_ms() - start;
  start = cpu_ms();
  index = *text::load_text_index(options, sections);
  const double opened = cpu_ms() - start;
  std::uint64_t stored = 0;
  for (const SegmentView& segment : sections.segments(SectionId::TextSegments))
    stored += segment.bytes.size();
  const auto n = static_cast<double>(documents.size());
  std::printf("index documents_per_s %.0f save_ms %.0f open_ms %.1f bytes %llu segments %zu\n",
              n / (added + saved) * 1000, saved, opened, static_cast<unsigned long long>(stored),
              sections.segments(SectionId::TextSegments).size());
  print_sizes(*index, sections, n);
  std::vector<std::string> kinds;
  for (const auto& [kind, words] : queries) {
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  for (const std::string& kind : kinds) measure(*index, kind, queries, rounds);
  return 0;
}

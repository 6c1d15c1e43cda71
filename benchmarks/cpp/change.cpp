// Does an index stay as good as a fresh one while its vectors change? A collection of real vectors
// is filled, half of it is replaced in random order, with compactions as they fall due while writes
// and searches go on, and then it is compared with a collection that was filled with the outcome.
//
//   corsac_change_benchmark <folder> [n=100000] [rounds=5]
//
// The folder is that of real_vectors.h. What is replaced lies halfway between two real vectors, so
// that the outcome is the real set, whose neighbours are known.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "collection/collection.h"
#include "index/reachability.h"
#include "real_vectors.h"
#include "support/sections.h"

namespace {

using namespace corsac;
using namespace corsac::benchmark;
using namespace corsac::collection;

constexpr std::string_view kOptions =
    R"({"dimension":384,"text":false,"index":{"kind":"hnsw","codec":"sq8"}})";
constexpr std::size_t kBatch = 100;
constexpr std::uint64_t kSlice = 100'000;

class Changing {
 public:
  Changing(std::size_t rows, std::span<const float> base)
      : collection_(*Collection::create(*parse_options(kOptions))), now_(base.begin(), base.end()) {
    std::vector<std::uint32_t> all(rows);
    for (std::uint32_t i = 0; i < rows; ++i) all[i] = i;
    for (std::size_t at = 0; at < rows; at += kBatch)
      write(std::span(all).subspan(at, std::min(kBatch, rows - at)));
  }

  Collection& collection() { return collection_; }

  void set(std::uint32_t row, std::span<const float> vector) {
    std::copy(vector.begin(), vector.end(), now_.begin() + offset(row));
  }

  /// Upserts rows as they are now.
  void write(std::span<const std::uint32_t> rows) {
    WriteEncoder encoder(WriteMode::Upsert);
    for (const std::uint32_t row : rows) {
      const std::string id = std::to_string(row);
      NewDocument document;
      document.id = id;
      document.vectors = std::as_bytes(vector_of(row));
      document.vector_count = 1;
      encoder.add(document);
    }
    Bytes bytes = std::move(encoder).take();
    if (!collection_.validate(*decode_operation(bytes, kDimension))) fail("a write is refused");
    collection_.begin_apply(std::move(bytes));
    for (Budget all; !collection_.step(all);) all = {};
  }

  /// A slice of what is due. True when a compaction has ended.
  bool maintain() {
    if (!collection_.maintaining()) {
      if (!collection_.due()) return false;
      collection_.begin_maintenance(*collection_.due());
    }
    Budget budget{kSlice};
    if (!collection_.step_maintenance(budget).finished) return false;
    collection_.finish_maintenance();
    return true;
  }

  /// The rows that a search finds; every one must be live and score as it is now.
  std::vector<Slot> search(std::span<const float> query) {
    SearchRequest request;
    request.vector = query;
    const auto found = collection_.search(request);
    std::vector<Slot> rows;
    for (const ScoredDocument& hit : found->hits) {
      const std::string_view id = collection_.id(hit.ordinal);
      const auto row = static_cast<Slot>(std::atoi(std::string(id).c_str()));
      const float real = true_score(now_, query, row);
      if (collection_.find(id) != hit.ordinal || std::abs(real - hit.score) > 0.02f)
        fail("a search found " + std::string(id) + " as it is no more");
      rows.push_back(row);
    }
    return rows;
  }

 private:
  static std::ptrdiff_t offset(std::size_t row) {
    return static_cast<std::ptrdiff_t>(row * kDimension);
  }
  std::span<const float> vector_of(std::size_t row) const {
    return std::span(now_).subspan(row * kDimension, kDimension);
  }

  Collection collection_;
  std::vector<float> now_;  // [rows x dimension]
};

/// Half of the rows in random order.
std::vector<std::uint32_t> half_of(std::size_t rows) {
  Random random(7);
  std::vector<std::uint32_t> out(rows);
  for (std::uint32_t i = 0; i < rows; ++i) out[i] = i;
  for (std::size_t i = rows; i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  out.resize(rows / 2);
  return out;
}

/// Between each of those rows and another one.
std::vector<float> before_the_change(std::vector<float> vectors,
                                     std::span<const std::uint32_t> rows) {
  const std::vector<float> real = vectors;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    float* to = vectors.data() + rows[i] * kDimension;
    const float* other = real.data() + rows[(i + 1) % rows.size()] * kDimension;
    double squares = 0;
    for (std::size_t j = 0; j < kDimension; ++j) {
      to[j] += other[j];
      squares += double{to[j]} * double{to[j]};
    }
    const auto length = static_cast<float>(std::sqrt(std::max(squares, 1e-12)));
    for (std::size_t j = 0; j < kDimension; ++j) to[j] /= length;
  }
  return vectors;
}

void change(Changing& to, std::span<const float> base, std::span<const std::uint32_t> rows,
            const QuerySet& queries) {
  std::size_t compactions = 0, searches = 0;
  const double begin = cpu_seconds();
  for (std::size_t at = 0; at < rows.size() || to.collection().maintaining();) {
    const std::size_t count = std::min(kBatch, rows.size() - at);
    for (std::size_t i = at; i < at + count; ++i)
      to.set(rows[i], base.subspan(rows[i] * kDimension, kDimension));
    if (count > 0) to.write(rows.subspan(at, count));
    at += count;
    compactions += to.maintain() ? 1 : 0;
    to.search(queries.query(searches++ % queries.size()));
  }
  std::printf(
      "%zu replaced with %zu compactions in %.1f s of processor time, %zu searches meanwhile\n",
      rows.size(), compactions, cpu_seconds() - begin, searches);
}

/// Median time and recall@10 of one pass over the queries.
std::pair<double, double> pass(Changing& of, std::span<const float> base, const QuerySet& set) {
  std::vector<double> times;
  std::size_t right = 0;
  for (std::size_t q = 0; q < set.size(); ++q) {
    SearchRequest request;
    request.vector = set.query(q);
    const double begin = now_us();
    const auto found = of.collection().search(request);
    times.push_back(now_us() - begin);
    const std::vector<Slot> rows = of.search(set.query(q));
    right += std::min<std::size_t>(count_right(base, set, q, rows), 10);
    if (found->hits.size() != 10) fail("a search found fewer than ten");
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                   times.end());
  return {times[times.size() / 2],
          static_cast<double>(right) / static_cast<double>(10 * set.size())};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(Changing& changed, Changing& fresh, std::span<const float> base, const QuerySet& set,
             std::size_t rounds) {
  std::vector<double> ours, theirs, ratios;
  std::pair<double, double> a, b;
  for (std::size_t round = 0; round < rounds; ++round) {
    a = pass(changed, base, set);
    b = pass(fresh, base, set);
    ours.push_back(a.first);
    theirs.push_back(b.first);
    ratios.push_back(a.first / b.first);
  }
  std::printf(
      "%-10s recall@10 %.4f, fresh %.4f (%+.2f %%)   p50 %.1f us, fresh %.1f us (%+.1f %%)\n",
      set.name, a.second, b.second, 100 * (a.second / b.second - 1), median(ours), median(theirs),
      100 * (median(ratios) - 1));
}

void audit(const char* name, Changing& of) {
  test::MemorySections stored;
  of.collection().save(stored);
  const Stats stats = of.collection().stats();
  const index::Graph graph = index::saved_graph(stored, of.collection().options().index.m,
                                                stats.documents + stats.deleted);
  std::printf("%-10s %zu nodes, %zu of them unreachable; %llu documents, %llu deleted\n", name,
              graph.nodes(), index::unreachable(graph).size(),
              static_cast<unsigned long long>(stats.documents),
              static_cast<unsigned long long>(stats.deleted));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) fail("usage: corsac_change_benchmark <folder> [n=100000] [rounds=5]");
  const std::string folder = argv[1];
  const std::size_t most = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 100'000;
  const std::size_t rounds = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 5;
  const std::vector<float> base = read_vectors(folder + "/base.f16", most);
  const std::size_t n = base.size() / kDimension;
  const QuerySet sets[] = {read_queries(folder, "queries", base, 10),
                           read_queries(folder, "questions", base, 10)};
  const std::vector<std::uint32_t> rows = half_of(n);
  Changing changed(n, before_the_change(base, rows));
  change(changed, base, rows, sets[0]);
  Changing fresh(n, base);
  for (const QuerySet& set : sets) compare(changed, fresh, base, set, rounds);
  audit("changed", changed);
  audit("fresh", fresh);
  return 0;
}

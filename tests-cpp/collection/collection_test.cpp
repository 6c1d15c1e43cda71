// A collection against the obvious: a map of documents and brute force, over long seeded histories
// of everything that can happen to it.
#include "collection/collection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "collection/hosting.h"
#include "collection/writing.h"

namespace corsac::collection {
namespace {

using corsac::test::MemorySections;
using test::Doc;
using test::Ids;

constexpr std::size_t kDimension = 3;
constexpr std::size_t kIds = 60;

/// What a user knows of a document.
struct Known {
  std::uint64_t written = 0;  // order of the last write
  std::optional<std::string> content;
  std::optional<int> number;
  std::vector<float> vector;
};

/// Small whole numbers: their products are exact in f32, in whatever order.
std::vector<float> small_vector(Random& random) {
  std::vector<float> out;
  for (std::size_t i = 0; i < kDimension; ++i)
    out.push_back(static_cast<float>(random.below(9)) - 4);
  return out;
}

float product(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

class History {
 public:
  History(std::string options, std::uint64_t seed)
      : options_(std::move(options)), collection_(test::collection_of(options_)), random_(seed) {}

  void step() {
    switch (random_.below(20)) {
      case 0: return save_and_load();
      case 1: return maintain();
      case 2: return insert();
      case 3:
      case 4: return change_metadata();
      case 5:
      case 6:
      case 7: return remove();
      default: return upsert();
    }
  }

  void check() {
    ASSERT_EQ(collection_.count(nullptr), model_.size());
    check_lookup();
    check_vectors();
    check_words();
    check_hybrid();
  }

  void check_documents() {
    for (const auto& [id, known] : model_) {
      const document::DocumentView view = test::read(collection_, stored_, *collection_.find(id));
      ASSERT_EQ(view.has_content, known.content.has_value());
      if (known.content) {
        ASSERT_EQ(view.content, *known.content);
      }
      ASSERT_EQ(view.has_metadata, known.number.has_value());
      if (known.number) {
        ASSERT_EQ(view.metadata, metadata_of(*known.number));
      }
    }
  }

 private:
  static std::string metadata_of(int number) { return R"({"n":)" + std::to_string(number) + "}"; }
  std::string some_id() { return "id" + std::to_string(random_.below(kIds)); }
  std::uint64_t units() { return random_.below(2) == 0 ? 1 + random_.below(20) : 1'000'000; }

  Doc some_document() {
    Doc out{some_id(), {}, {}, {}};
    if (random_.below(4) != 0) {
      std::string words;
      for (const char* word : {"fox", "hare", "den"})
        words += random_.below(2) == 0 ? std::string(word) + " " : "";
      out.content = words;
    }
    if (random_.below(3) != 0) out.metadata = metadata_of(static_cast<int>(random_.below(10)));
    if (random_.below(5) != 0) out.vector = small_vector(random_);
    return out;
  }

  void know(const Doc& doc) {
    Known& known = model_[doc.id];
    known.written = ++clock_;
    known.content = doc.content;
    known.number = std::nullopt;
    if (doc.metadata) known.number = std::stoi(doc.metadata->substr(5));
    if (!doc.keep_vectors) known.vector = doc.vector;
  }

  void upsert() {
    std::vector<Doc> docs;
    for (std::uint64_t n = 1 + random_.below(4); n > 0; --n) docs.push_back(some_document());
    for (const Doc& doc : docs) know(doc);
    test::apply(collection_, test::write_bytes(WriteMode::Upsert, docs), units());
    EXPECT_EQ(collection_.last_affected(), docs.size());
  }

  void insert() {
    const Doc doc = some_document();
    const Bytes bytes = test::write_bytes(WriteMode::Insert, std::vector{doc});
    const Status status = test::validated(collection_, bytes);
    ASSERT_EQ(status.has_value(), !model_.contains(doc.id));
    if (!status) return;
    know(doc);
    test::run(collection_, bytes, units());
  }

  void change_metadata() {
    if (model_.empty()) return;
    auto at = model_.begin();
    std::advance(at, random_.below(model_.size()));
    const Doc doc{
        at->first, at->second.content, metadata_of(static_cast<int>(random_.below(10))), {}, true};
    know(doc);
    test::apply(collection_, test::write_bytes(WriteMode::Upsert, std::vector{doc}), units());
  }

  void remove() {
    const std::string a = some_id(), b = some_id();
    const std::size_t gone = model_.erase(a) + model_.erase(b);
    test::apply(collection_, test::remove_bytes({a, b}));
    EXPECT_EQ(collection_.last_affected(), gone);
  }

  void save_and_load() {
    collection_.save(stored_);
    if (random_.below(2) == 0) return;
    auto loaded = Collection::load(test::options_of(options_), stored_);
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
    collection_ = *std::move(loaded);
  }

  void maintain() {
    const bool can_migrate =
        collection_.options().auto_index && collection_.options().index.kind == index::Kind::Flat;
    collection_.begin_maintenance(can_migrate && random_.below(8) == 0 ? Maintenance::Migration
                                                                       : Maintenance::Compaction);
    while (!test::step_maintenance(collection_, stored_, units())) {
      switch (random_.below(8)) {
        case 0: upsert(); break;
        case 1: remove(); break;
        case 2: change_metadata(); break;
        case 3: collection_.save(stored_); break;
        default: break;
      }
    }
    if (random_.below(4) == 0) return collection_.abandon_maintenance();
    collection_.finish_maintenance();
  }

  bool matches(const Known& known, int limit) const {
    return limit < 0 || (known.number && *known.number < limit);
  }

  /// The predicate n < limit; nothing when limit is negative.
  std::optional<filter::Predicate> below(int limit) const {
    if (limit < 0) return std::nullopt;
    return *filter::parse_predicate(R"({"n":{"$lt":)" + std::to_string(limit) + "}}");
  }

  void check_lookup() {
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const auto& [id, known] : model_) order.emplace_back(known.written, id);
    std::sort(order.begin(), order.end());
    const std::vector<Ordinal> listed = collection_.list(nullptr, kNoOrdinal, kIds + 1);
    ASSERT_EQ(listed.size(), order.size());
    for (std::size_t i = 0; i < listed.size(); ++i)
      ASSERT_EQ(collection_.id(listed[i]), order[i].second);
    const int limit = static_cast<int>(random_.below(11));
    const auto predicate = below(limit);
    std::size_t matching = 0;
    for (const auto& [id, known] : model_) matching += matches(known, limit) ? 1 : 0;
    ASSERT_EQ(collection_.count(&*predicate), matching);
  }

  void check_vectors() {
    const std::vector<float> query = small_vector(random_);
    const int limit = static_cast<int>(random_.below(11)) - 1;
    const auto predicate = below(limit);
    SearchRequest request;
    request.vector = query;
    request.k = 1 + random_.below(kIds);
    request.filter = predicate ? &*predicate : nullptr;
    std::vector<std::tuple<float, std::uint64_t, std::string>> best;
    for (const auto& [id, known] : model_) {
      if (!known.vector.empty() && matches(known, limit))
        best.emplace_back(-product(query, known.vector), known.written, id);
    }
    std::sort(best.begin(), best.end());
    if (best.size() > request.k) best.resize(request.k);
    const auto found = collection_.search(request);
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(found->hits.size(), best.size());
    if (!is_exact()) return;
    for (std::size_t i = 0; i < best.size(); ++i) {
      ASSERT_EQ(found->hits[i].score, -std::get<0>(best[i]));
      ASSERT_EQ(collection_.id(found->hits[i].ordinal), std::get<2>(best[i]));
    }
  }

  /// An automatic index keeps the vectors themselves until it moves.
  bool is_exact() const { return collection_.options().index.codec == index::CodecKind::F32; }

  bool has_word(const Known& known, std::string_view word) const {
    return known.content && known.content->find(word) != std::string::npos;
  }

  void check_words() {
    const int limit = static_cast<int>(random_.below(11)) - 1;
    const auto predicate = below(limit);
    SearchRequest request;
    request.mode = Mode::Text;
    request.text = "fox";
    request.k = kIds;
    request.filter = predicate ? &*predicate : nullptr;
    Ids expected;
    for (const auto& [id, known] : model_) {
      if (has_word(known, "fox") && matches(known, limit)) expected.push_back(id);
    }
    const auto found = collection_.search(request);
    Ids ids = test::ids(collection_, found);
    ASSERT_TRUE(
        std::is_sorted(found->hits.begin(), found->hits.end(), [](const auto& a, const auto& b) {
          return a.score != b.score ? a.score > b.score : a.ordinal < b.ordinal;
        }));
    std::sort(ids.begin(), ids.end());
    ASSERT_EQ(ids, expected);
  }

  void check_hybrid() {
    const std::vector<float> query = small_vector(random_);
    SearchRequest request;
    request.mode = Mode::Hybrid;
    request.vector = query;
    request.text = "hare";
    request.k = kIds;
    Ids expected;
    for (const auto& [id, known] : model_) {
      if (has_word(known, "hare") || !known.vector.empty()) expected.push_back(id);
    }
    const auto found = collection_.search(request);
    Ids ids = test::ids(collection_, found);
    for (const ScoredDocument& hit : found->hits) {
      const Known& known = model_.at(std::string(collection_.id(hit.ordinal)));
      ASSERT_EQ(hit.vector.present, !known.vector.empty());
      if (hit.text.present) {
        ASSERT_EQ(hit.text.score > 0, has_word(known, "hare"));
      }
      if (hit.vector.present && is_exact()) {
        ASSERT_EQ(hit.vector.score, product(query, known.vector));
      }
    }
    std::sort(ids.begin(), ids.end());
    ASSERT_EQ(ids, expected);
  }

  std::string options_;
  Collection collection_;
  Random random_;
  MemorySections stored_;
  std::map<std::string, Known> model_;
  std::uint64_t clock_ = 0;
};

void live_through(const std::string& options, std::uint64_t seed, int steps) {
  History history(options, seed);
  for (int i = 0; i < steps; ++i) {
    history.step();
    history.check();
    if (i % 50 == 0) history.check_documents();
    if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed << ", step " << i;
  }
  history.check_documents();
}

TEST(Collection, AgreesWithAMapOfDocumentsOverThousandsOfRandomOperations) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    live_through(R"({"dimension":3,"metric":"dot","index":{"kind":"flat"}})", seed, 1000);
  }
}

TEST(Collection, AgreesWithItThroughMigrationOfTheIndexToo) {
  for (std::uint64_t seed = 11; seed <= 14; ++seed)
    live_through(R"({"dimension":3,"metric":"dot"})", seed, 300);
}

TEST(Collection, AgreesWithItWithoutStoredOriginals) {
  live_through(R"({"dimension":3,"metric":"dot","index":{"kind":"flat"},"originals":"none"})", 21,
               500);
}

}  // namespace
}  // namespace corsac::collection

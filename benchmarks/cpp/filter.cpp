// How long does a filter take? Builds metadata columns over made-up documents (seeded, so the
// counts are the same everywhere), then prints matches and time per predicate, natively or as wasm
// under Node.
//
//   corsac_filter_benchmark [documents=100000]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.h"
#include "filter/filter_index.h"

namespace {

using namespace corsac;

constexpr int kRounds = 101;  // columns get their orders while they are asked

double now_us() {
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// A number and strings of few, many and unique values, an array, a field that half of the documents
// have.
std::string metadata_of(std::size_t i, Random& random) {
  constexpr const char* kLanguages[] = {"en", "de", "fr", "ja", "zh"};
  std::string out = "{\"year\":" + std::to_string(1990 + random.below(36));
  out += ",\"lang\":\"" + std::string(kLanguages[random.below(5)]) + "\"";
  out += ",\"title\":\"document " + std::to_string(random.below(1u << 30)) + " of " +
         std::to_string(i) + "\"";
  out += ",\"author\":{\"name\":\"author " + std::to_string(random.below(5000)) + "\"},\"tags\":[";
  for (int tag = 0; tag < 3; ++tag)
    out += (tag == 0 ? "\"tag" : ",\"tag") + std::to_string(random.below(1000)) + "\"";
  out += "]";
  if (random.below(2) == 0)
    out += ",\"price\":" + std::to_string(static_cast<double>(random.below(10000)) / 100);
  out += std::string(",\"draft\":") + (random.below(10) == 0 ? "true" : "false");
  return out + "}";
}

class Section final : public SectionSink, public SectionSource {
 public:
  void append(SectionId, ByteView) override {}
  void replace(SectionId, ByteView content) override {
    bytes_.assign(content.begin(), content.end());
  }
  void patch(SectionId, ByteView changes) override {
    bytes_.insert(bytes_.end(), changes.begin(), changes.end());
  }
  void add_segment(SectionId, std::uint64_t, ByteView) override {}
  void drop_segment(SectionId, std::uint64_t) override {}
  void restart(SectionId) override {}
  ByteView section(SectionId) const override { return bytes_; }
  std::vector<SegmentView> segments(SectionId) const override { return {}; }
  std::uint64_t length(SectionId) const override { return bytes_.size(); }

 private:
  Bytes bytes_;
};

filter::FilterIndex build(std::size_t documents) {
  Random random(42);
  filter::FilterIndex index;
  double reading = 0;
  double adding = 0;
  for (std::size_t i = 0; i < documents; ++i) {
    const std::string text = metadata_of(i, random);
    const double start = now_us();
    const auto metadata = parse_json(text);
    const double read = now_us();
    index.add(static_cast<Ordinal>(i), *metadata);
    reading += read - start;
    adding += now_us() - read;
  }
  std::printf("%zu documents: JSON %.2f us, columns %.2f us each; %.1f bytes each in memory\n",
              documents, reading / static_cast<double>(documents),
              adding / static_cast<double>(documents),
              static_cast<double>(index.bytes()) / static_cast<double>(documents));
  return index;
}

void save_and_load(filter::FilterIndex& index) {
  Section section;
  const double start = now_us();
  index.save(section);
  const double saved = now_us();
  const auto loaded = filter::FilterIndex::load(section);
  std::printf("saved %.1f MB in %.1f ms, loaded in %.1f ms%s\n",
              static_cast<double>(section.length(SectionId::Columns)) / 1e6, (saved - start) / 1000,
              (now_us() - saved) / 1000, loaded.has_value() ? "" : ": FAILED");
}

void measure(const filter::FilterIndex& index, std::size_t documents, const std::string& filter) {
  const auto predicate = filter::parse_predicate(filter);
  if (!predicate) {
    std::printf("%s\n", predicate.error().message.c_str());
    std::exit(1);
  }
  std::vector<double> times;
  std::size_t count = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double start = now_us();
    count = index.evaluate(*predicate, documents).count();
    times.push_back(now_us() - start);
  }
  std::sort(times.begin(), times.end());
  std::printf("%9.1f us  %8zu  %s\n", times[kRounds / 2], count, filter.substr(0, 90).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t documents = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  filter::FilterIndex index = build(documents);
  save_and_load(index);
  std::string many = "{\"year\":{\"$in\":[1995";
  for (int i = 0; i < 1000; ++i) many += "," + std::to_string(3000 + i);
  std::printf("   median      matches\n");
  for (
      const std::string& filter :
      {std::string(R"({"lang":"en"})"), std::string(R"({"year":{"$gte":2020}})"),
       std::string(R"({"year":{"$ne":2020}})"), std::string(R"({"price":{"$lt":10}})"),
       std::string(R"({"tags":"tag7"})"), std::string(R"({"tags":{"$in":["tag7","tag8","tag9"]}})"),
       std::string(R"({"draft":true})"), std::string(R"({"author.name":"author 77"})"),
       std::string(R"({"price":{"$exists":true}})"), std::string(R"({"missing":{"$exists":true}})"),
       std::string(R"({"title":{"$startsWith":"document 77"}})"),
       std::string(R"({"title":{"$contains":"777"}})"),
       std::string(R"({"title":{"$gt":"document 5"}})"),
       std::string(
           R"({"year":{"$gte":2000,"$lt":2010},"lang":{"$in":["en","de"]},"$or":[{"draft":true},{"price":{"$gt":50}}]})"),
       std::string(R"({"$not":{"$or":[{"lang":"en"},{"tags":"tag7"}]}})"), many + "]}}"}) {
    measure(index, documents, filter);
  }
  return 0;
}

#include "hnswlib_engine.h"

#include <hnswlib/hnswlib.h>

#include <ctime>
#include <filesystem>

namespace corsac::benchmark {

struct HnswlibEngine::Index {
  hnswlib::InnerProductSpace space;
  hnswlib::HierarchicalNSW<float> graph;

  Index(const std::string& file, std::size_t dimension) : space(dimension), graph(&space, file) {}
  Index(std::size_t count, std::size_t dimension)
      : space(dimension), graph(&space, count, 16, 200) {}
};

HnswlibEngine::HnswlibEngine(const std::string& file, std::span<const float> base,
                             std::size_t dimension) {
  if (std::filesystem::exists(file)) {
    index_ = std::make_unique<Index>(file, dimension);
    return;
  }
  const std::size_t count = base.size() / dimension;
  index_ = std::make_unique<Index>(count, dimension);
  const std::clock_t begin = std::clock();
  for (std::size_t i = 0; i < count; ++i) index_->graph.addPoint(base.data() + i * dimension, i);
  build_rate_ =
      static_cast<double>(count) * CLOCKS_PER_SEC / static_cast<double>(std::clock() - begin);
  if (!file.empty()) index_->graph.saveIndex(file);
}

HnswlibEngine::~HnswlibEngine() = default;

void HnswlibEngine::search(std::span<const float> query, std::size_t k, std::size_t ef,
                           std::vector<std::uint32_t>& slots) {
  index_->graph.setEf(ef);
  auto found = index_->graph.searchKnn(query.data(), k);
  slots.clear();
  for (; !found.empty(); found.pop())
    slots.push_back(static_cast<std::uint32_t>(found.top().second));
}

}  // namespace corsac::benchmark

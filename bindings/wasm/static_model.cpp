// corsac::embed::StaticModel for JavaScript. Convert, call, convert back: a decision made here is a
// bug.
#include "embed/static_model.h"

#include "marshal.h"

namespace corsac::bindings {
namespace {

using embed::StaticModel;

val load(const val& array) {
  return outcome(StaticModel::load(bytes(array)),
                 [](StaticModel&& model) { return owned(std::move(model)); });
}

/// Text i is utf8[ends[i - 1], ends[i]). Requires: `ends` ascends and its last is the length of
/// `utf8`.
val embed_all(const StaticModel& self, const val& utf8, const val& ends_array) {
  const Bytes texts = bytes(utf8);
  const std::vector<std::uint32_t> ends = numbers<std::uint32_t>(ends_array);
  const std::size_t dimension = self.dimension();
  std::vector<float> vectors(ends.size() * dimension);
  std::size_t start = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    self.embed(as_text(ByteView(texts).subspan(start, ends[i] - start)),
               std::span(vectors).subspan(i * dimension, dimension));
    start = ends[i];
  }
  return copy("Float32Array", std::span<const float>(vectors));
}

}  // namespace

EMSCRIPTEN_BINDINGS(corsac_static_model) {
  emscripten::class_<StaticModel>("StaticModel")
      .class_function("load", &load)
      .function("dimension", &StaticModel::dimension)
      .function("fingerprint", &StaticModel::fingerprint)
      .function("hybridWeight", &StaticModel::hybrid_weight)
      .function("embed", &embed_all);
}

}  // namespace corsac::bindings

// corsac::storage::Catalog for JavaScript. Convert, call, convert back: a decision made here is a
// bug.
#include "storage/catalog.h"

#include <algorithm>

#include "effects.h"

namespace corsac::bindings {
namespace {

using storage::Catalog;

Catalog create(const val& store) {
  storage::Uuid uuid{};
  const Bytes given = bytes(store);
  std::copy_n(given.begin(), std::min(given.size(), uuid.size()), uuid.begin());
  return Catalog::create(uuid);
}

val open(const val& slots, bool blobs_present) {
  return outcome(Catalog::open(roots(slots), blobs_present), [](std::optional<Catalog>&& found) {
    return found ? owned(std::move(*found)) : val::undefined();
  });
}

val store(const Catalog& self) { return copy_bytes(self.store()); }

double epoch(const Catalog& self) { return number(self.epoch()); }

val entries(const Catalog& self) {
  val out = val::array();
  for (const storage::CatalogEntry& entry : self.entries()) {
    val item = val::object();
    item.set("id", entry.id);
    item.set("name", entry.name);
    item.set("options", entry.options_json);
    out.call<void>("push", item);
  }
  return out;
}

val begin_epoch(Catalog& self) { return batch(self.begin_epoch()); }

val add(Catalog& self, const std::string& name, const std::string& options) {
  return outcome(self.add(name, options), [](storage::EffectBatch&& made) { return batch(made); });
}

val remove(Catalog& self, const std::string& name, const val& blobs, const std::string& heir) {
  return outcome(self.remove(name, emscripten::vecFromJSArray<std::string>(blobs), heir),
                 [](std::vector<storage::EffectBatch>&& made) {
                   val out = val::array();
                   for (const storage::EffectBatch& each : made)
                     out.call<void>("push", batch(each));
                   return out;
                 });
}

}  // namespace

EMSCRIPTEN_BINDINGS(corsac_catalog) {
  emscripten::class_<Catalog>("Catalog")
      .class_function("create", &create)
      .class_function("open", &open)
      .function("store", &store)
      .function("epoch", &epoch)
      .function("degraded", &Catalog::degraded)
      .function("entries", &entries)
      .function("beginEpoch", &begin_epoch)
      .function("supersede", &Catalog::supersede)
      .function("add", &add)
      .function("remove", &remove);
}

}  // namespace corsac::bindings

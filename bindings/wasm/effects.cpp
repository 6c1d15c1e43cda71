#include "effects.h"

namespace corsac::bindings {
namespace {

const char* op_name(storage::EffectKind kind) {
  switch (kind) {
    case storage::EffectKind::Put: return "put";
    case storage::EffectKind::Append: return "append";
    case storage::EffectKind::Root: return "root";
    case storage::EffectKind::Delete: return "delete";
  }
  return "";
}

std::uint64_t whole(const val& value) { return static_cast<std::uint64_t>(value.as<double>()); }

}  // namespace

val batch(const storage::EffectBatch& batch) {
  val effects = val::array();
  for (const storage::Effect& effect : batch.effects) {
    val item = val::object();
    item.set("op", text(op_name(effect.kind)));
    item.set("name", effect.name);
    item.set("offset", number(effect.offset));
    if (effect.kind != storage::EffectKind::Delete) item.set("bytes", copy_bytes(effect.bytes));
    effects.call<void>("push", item);
  }
  val out = val::object();
  out.set("strict", batch.strict);
  out.set("effects", effects);
  return out;
}

val batch_if_any(const std::optional<storage::EffectBatch>& found) {
  return found ? batch(*found) : val::undefined();
}

val read_request(const std::optional<storage::ReadRequest>& request) {
  if (!request) return val::undefined();
  val out = val::object();
  out.set("name", request->name);
  out.set("offset", number(request->offset));
  out.set("length", number(request->length));
  return out;
}

storage::RootPair roots(const val& slots) {
  storage::RootPair pair;
  for (unsigned slot = 0; slot < 2; ++slot) {
    if (const val found = slots[slot]; !found.isUndefined()) pair.slots[slot] = bytes(found);
  }
  return pair;
}

std::vector<storage::BlobInfo> blobs(const val& list) {
  std::vector<storage::BlobInfo> out(list["length"].as<std::size_t>());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const val item = list[i];
    out[i] = {.name = item["name"].as<std::string>(), .length = whole(item["length"])};
  }
  return out;
}

}  // namespace corsac::bindings

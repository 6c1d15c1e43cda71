// corsac::storage::Opening for JavaScript.
#include <algorithm>

#include "collection_handle.h"
#include "effects.h"
#include "storage/durable_collection.h"
#include "workers.h"

namespace corsac::bindings {
namespace {

using storage::Opening;

storage::Uuid uuid(const val& array) {
  storage::Uuid out{};
  const Bytes given = bytes(array);
  std::copy_n(given.begin(), std::min(given.size(), out.size()), out.begin());
  return out;
}

Result<storage::DurableOptions> durable_options(const val& given) {
  const Result<compress::Codec> codec = compress::codec_named(given["codec"].as<std::string>());
  if (!codec) return codec.error();
  storage::DurableOptions options;
  options.checkpoint_operations = static_cast<std::uint32_t>(given["operations"].as<double>());
  options.checkpoint_log_bytes = static_cast<std::uint64_t>(given["walBytes"].as<double>());
  options.checkpoint_codec = *codec;
  options.keep = given["keep"].as<std::uint32_t>();
  return options;
}

val create(const val& input) {
  Result<storage::DurableOptions> durable = durable_options(input["durable"]);
  if (!durable) return failure(durable.error());
  const val given = input["entry"];
  const storage::CatalogEntry entry{.id = given["id"].as<std::uint32_t>(),
                                    .name = given["name"].as<std::string>(),
                                    .options_json = given["options"].as<std::string>()};
  const auto epoch = static_cast<std::uint64_t>(input["epoch"].as<double>());
  val out = val::object();
  out.set("value",
          owned(Opening(entry, uuid(input["store"]), epoch, *durable, uuid(input["entropy"]),
                        roots(input["slots"]), blobs(input["blobs"]))));
  return out;
}

val next(Opening& self) { return read_request(self.next()); }

void supply(Opening& self, const val& array) { self.supply(bytes(array)); }

bool step(Opening& self, double units) {
  Budget budget = budget_of(units);
  return self.step(budget);
}

val finish(Opening& self) {
  return outcome(self.finish(), [](std::unique_ptr<storage::DurableCollection>&& durable) {
    return owned(CollectionHandle(std::move(durable)));
  });
}

val report(const Opening& self) { return open_report(self.report()); }

}  // namespace

val open_report(const storage::OpenReport& report) {
  static constexpr const char* kOutcomes[] = {"clean", "torn", "rebuilt", "degraded"};
  val out = val::object();
  out.set("outcome", text(kOutcomes[static_cast<std::size_t>(report.outcome)]));
  out.set("lastSequence", number(report.last_sequence));
  out.set("replayed", number(report.replayed));
  out.set("dropped", number(report.dropped));
  out.set("detail", report.detail);
  return out;
}

EMSCRIPTEN_BINDINGS(corsac_opening) {
  emscripten::class_<Opening>("Opening")
      .class_function("create", &create)
      .function("next", &next)
      .function("supply", &supply)
      .function("supplyMissing", &Opening::supply_missing)
      .function("step", &step)
      .function("progress", &Opening::progress)
      .function("report", &report)
      .function("finish", &finish);
}

}  // namespace corsac::bindings

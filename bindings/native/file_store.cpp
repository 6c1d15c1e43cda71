#include "native/file_store.h"

#include <unistd.h>

#include <cstring>
#include <optional>
#include <vector>

namespace corsac::native {
namespace {

constexpr std::uint64_t kSlice = std::uint64_t{1} << 40;  // nobody waits for a turn

storage::Uuid entropy() {
  storage::Uuid out{};
  if (getentropy(out.data(), out.size()) != 0) out[0] = std::byte{1};
  return out;
}

storage::RootPair slots_of(std::vector<RootSlot>& roots, std::string_view name) {
  storage::RootPair out;
  for (RootSlot& root : roots) {
    if (root.name == name) out.slots[root.slot] = root.bytes;
  }
  return out;
}

HostStatus supply(storage::Opening& opening, FileHome& home) {
  for (;;) {
    const std::optional<storage::ReadRequest> wanted = opening.next();
    if (!wanted) {
      Budget budget{kSlice};
      if (opening.step(budget)) return Done{};
      continue;
    }
    auto bytes = home.read(*wanted);
    if (bytes) {
      opening.supply(*bytes);
    } else if (bytes.error().code == "not_found") {
      opening.supply_missing();
    } else {
      return bytes.error();
    }
  }
}

}  // namespace

FileCollection::FileCollection(FileHome& home, std::unique_ptr<storage::DurableCollection> durable)
    : home_(home), durable_(std::move(durable)), client_(0) {
  const storage::Uuid random = entropy();
  std::memcpy(&client_, random.data(), 6);  // exact as a number of JavaScript
}

HostResult<std::unique_ptr<FileCollection>> FileCollection::open(
    FileHome& home, const storage::CatalogEntry& entry, const storage::Catalog& catalog,
    const storage::DurableOptions& options) {
  auto roots = home.roots();
  if (!roots) return roots.error();
  auto blobs = home.list();
  if (!blobs) return blobs.error();
  const std::string unit = std::to_string(entry.id);
  std::erase_if(*blobs,
                [&](const storage::BlobInfo& blob) { return !blob.name.starts_with(unit + "/"); });
  storage::Opening opening(entry, catalog.store(), catalog.epoch(), options, entropy(),
                           slots_of(*roots, unit), *std::move(blobs));
  if (const HostStatus read = supply(opening, home); !read) return read.error();
  auto durable = opening.finish();
  if (!durable) return host_error(durable.error());
  return std::unique_ptr<FileCollection>(new FileCollection(home, *std::move(durable)));
}

HostResult<std::uint64_t> FileCollection::write(Bytes operation, bool strict) {
  const Result<bool> fresh = durable_->prepare(std::move(operation), client_, ++number_);
  if (!fresh) return host_error(fresh.error());
  if (const HostStatus stored = home_.apply(durable_->take_group(strict)); !stored) {
    durable_->group_failed();
    return stored.error();
  }
  durable_->group_stored(strict);
  std::vector<std::uint64_t> affected;
  for (Budget budget{kSlice}; !durable_->apply(budget, affected);) budget = {kSlice};
  if (durable_->needs_checkpoint()) {
    if (const HostStatus done = checkpoint(); !done) return done.error();
  }
  return affected.empty() ? 0 : affected.front();
}

HostStatus FileCollection::checkpoint() {
  durable_->begin_checkpoint();
  while (const auto batch = durable_->next_checkpoint_batch()) {
    if (HostStatus stored = home_.apply(*batch); !stored) {
      durable_->checkpoint_failed();
      return stored;
    }
    durable_->batch_stored();
  }
  const Status ended = durable_->checkpoint_status();
  return ended ? HostStatus(Done{}) : HostStatus(host_error(ended.error()));
}

HostResult<Bytes> FileCollection::stored(SectionId id, std::uint64_t offset, std::uint64_t length) {
  const ByteView unsaved = durable_->unsaved(id, offset, length);
  if (!unsaved.empty()) return Bytes(unsaved.begin(), unsaved.end());
  Bytes out;
  while (out.size() < length) {
    const std::uint64_t at = offset + out.size(), left = length - out.size();
    const auto request = durable_->locate_checked(id, at, left);
    if (!request) return HostError{"corrupt", "a document is stored nowhere"};
    auto bytes = home_.read(*request);
    if (!bytes) return bytes.error();
    const Result<Bytes> good = durable_->check(id, at, left, *bytes);
    if (!good) return host_error(good.error());
    out.insert(out.end(), good->begin(), good->end());
  }
  return out;
}

HostStatus FileCollection::fetch(std::span<const Ordinal> ordinals) {
  for (const document::BlockRange& block : core().missing_blocks(ordinals)) {
    auto bytes = stored(SectionId::Documents, block.offset, block.length);
    if (!bytes) return bytes.error();
    if (const Status good = core().supply_block(block.block, *bytes); !good)
      return host_error(good.error());
  }
  return Done{};
}

HostStatus FileCollection::close() {
  HostStatus stored = home_.apply(durable_->close());
  if (stored) {
    durable_->batch_stored();
  } else {
    durable_->checkpoint_failed();
  }
  return stored;
}

FileStore::FileStore(std::unique_ptr<FileHome> home, storage::Catalog catalog,
                     storage::DurableOptions options)
    : home_(std::move(home)), catalog_(std::move(catalog)), options_(options) {}

HostResult<std::unique_ptr<FileStore>> FileStore::open(const std::string& folder,
                                                       storage::DurableOptions options) {
  auto home = FileHome::open(folder);
  if (!home) return home.error();
  auto roots = (*home)->roots();
  if (!roots) return roots.error();
  auto blobs = (*home)->list();
  if (!blobs) return blobs.error();
  std::erase_if(*blobs, [](const storage::BlobInfo& blob) { return blob.name == "ballast"; });
  auto found = storage::Catalog::open(slots_of(*roots, "catalog"), !blobs->empty());
  if (!found) return host_error(found.error());
  storage::Catalog catalog = *found ? **std::move(found) : storage::Catalog::create(entropy());
  // A root that a killed session left undurable must not lie beside the other slot while that one
  // is written.
  if (const HostStatus kept = (*home)->apply({.effects = {}, .strict = true}); !kept)
    return kept.error();
  if (const HostStatus begun = (*home)->apply(catalog.begin_epoch()); !begun) return begun.error();
  return std::unique_ptr<FileStore>(new FileStore(*std::move(home), std::move(catalog), options));
}

HostStatus FileStore::create(std::string_view name, std::string_view options_json) {
  const auto options = collection::parse_options(options_json);
  if (!options) return host_error(options.error());
  const auto batch = catalog_.add(name, collection::write_options(*options));
  if (!batch) return host_error(batch.error());
  return home_->apply(*batch);
}

HostResult<FileCollection*> FileStore::collection(const std::string& name) {
  if (const auto found = open_.find(name); found != open_.end()) return found->second.get();
  const storage::CatalogEntry* const entry = catalog_.find(name);
  if (entry == nullptr) return HostError{"not_found", "there is no collection \"" + name + "\""};
  auto opened = FileCollection::open(*home_, *entry, catalog_, options_);
  if (!opened) return opened.error();
  return open_.emplace(name, *std::move(opened)).first->second.get();
}

HostStatus FileStore::close() {
  HostStatus first = Done{};
  for (const auto& [name, collection] : open_) {
    if (HostStatus closed = collection->close(); !closed && first) first = closed.error();
  }
  open_.clear();
  home_->close();
  return first;
}

}  // namespace corsac::native

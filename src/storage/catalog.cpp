#include "storage/catalog.h"

#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "storage/root.h"
#include "storage/root_format.h"

namespace corsac::storage {
namespace {

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxOptionsBytes = std::size_t{64} << 10;
constexpr std::size_t kMinEntryBytes = 12;

std::optional<Error> name_problem(std::string_view name) {
  const auto refuse = [&](std::string why) {
    return Error{ErrorCode::InvalidArgument, "collection name " + std::move(why)};
  };
  if (name.empty() || name.size() > kMaxNameBytes) {
    return refuse("has " + std::to_string(name.size()) + " bytes, expected 1 to " +
                  std::to_string(kMaxNameBytes));
  }
  if (!is_valid_utf8(name)) return refuse("is not valid UTF-8");
  for (std::size_t at = 0; at < name.size();) {
    const char32_t code_point = next_code_point(name, at);
    const bool control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
    if (control || code_point == U'/')
      return refuse("\"" + std::string(name) + "\" has a control character or '/'");
  }
  return std::nullopt;
}

}  // namespace

Catalog Catalog::create(const Uuid& store) {
  Catalog catalog;
  catalog.store_ = store;
  return catalog;
}

Result<Catalog> Catalog::decode(ByteView bytes) {
  std::uint16_t flags = 0;
  if (const Status frame = check_frame_of_root(bytes, kCatalogMagic, kMaxCatalogBytes, flags);
      !frame) {
    return frame.error();
  }
  Catalog out;
  ByteReader reader(bytes.first(bytes.size() - kRootChecksumBytes).subspan(kRootPrefixBytes));
  const ByteView store = reader.take(out.store_.size());
  std::copy(store.begin(), store.end(), out.store_.begin());
  out.generation_ = reader.get<std::uint64_t>();
  out.epoch_ = reader.get<std::uint64_t>();
  out.next_id_ = reader.get<std::uint32_t>();
  const auto count = reader.get<std::uint32_t>();
  const auto corrupt = [](std::string why) {
    return Error{ErrorCode::Corrupt, "the catalog " + std::move(why)};
  };
  if (count > reader.remaining() / kMinEntryBytes) {
    return corrupt("claims " + std::to_string(count) + " collections, more than it has room for");
  }
  std::set<std::uint32_t> ids;
  std::set<std::string, std::less<>> names;
  for (std::uint32_t i = 0; i < count; ++i) {
    CatalogEntry entry;
    entry.id = reader.get<std::uint32_t>();
    entry.name = reader.get_text();
    entry.options_json = reader.get_text();
    if (!reader.ok()) break;
    if (entry.id == 0 || entry.id >= out.next_id_ || name_problem(entry.name) ||
        !ids.insert(entry.id).second || !names.insert(entry.name).second) {
      return corrupt("has an impossible entry " + std::to_string(entry.id));
    }
    out.entries_.push_back(std::move(entry));
  }
  if (!reader.finished()) return corrupt("is not as long as it says");
  return out;
}

Result<std::optional<Catalog>> Catalog::open(const RootPair& roots, bool blobs_present) {
  std::optional<Catalog> best;
  std::optional<Error> unreadable;
  for (std::size_t slot = 0; slot < 2; ++slot) {
    if (roots.slots[slot].empty()) continue;
    Result<Catalog> read = decode(roots.slots[slot]);
    if (!read && read.error().code == ErrorCode::UnsupportedFormat) return read.error();
    if (read && read->generation_ % 2 != slot)
      read = Error{ErrorCode::Corrupt, "the catalog is in the wrong slot"};
    if (!read) {
      unreadable = read.error();
    } else if (!best || read->generation_ > best->generation_) {
      best = *std::move(read);
    }
  }
  if (best) {
    best->degraded_ = unreadable.has_value();
    return best;
  }
  if (unreadable && blobs_present) return *unreadable;
  if (blobs_present) return Error{ErrorCode::DataLoss, "the store has blobs and no catalog"};
  // Nothing but perhaps the torn first write of a catalog, before anything else was written.
  return std::optional<Catalog>();
}

const CatalogEntry* Catalog::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(entries_, name, &CatalogEntry::name);
  return found == entries_.end() ? nullptr : &*found;
}

Bytes Catalog::encode() const {
  ByteWriter out;
  open_root(out, kCatalogMagic, 0, 0);
  out.append(store_);
  out.put(generation_);
  out.put(epoch_);
  out.put(next_id_);
  out.put(static_cast<std::uint32_t>(entries_.size()));
  for (const CatalogEntry& entry : entries_) {
    out.put(entry.id);
    out.put_text(entry.name);
    out.put_text(entry.options_json);
  }
  return close_root(std::move(out));
}

EffectBatch Catalog::root_batch() {
  ++generation_;
  EffectBatch batch{.effects = {}, .strict = true};
  batch.effects.push_back({EffectKind::Root, "catalog", generation_ % 2, encode()});
  return batch;
}

EffectBatch Catalog::begin_epoch() {
  ++epoch_;
  return root_batch();
}

void Catalog::supersede(const Catalog& other) noexcept {
  generation_ = std::max(generation_, other.generation_);
  epoch_ = std::max(epoch_, other.epoch_);
}

Result<EffectBatch> Catalog::add(std::string_view name, std::string options_json) {
  if (auto problem = name_problem(name)) return *std::move(problem);
  if (find(name) != nullptr) {
    return Error{ErrorCode::AlreadyExists, "collection \"" + std::string(name) + "\" exists"};
  }
  const std::size_t bytes = encode().size() + kMinEntryBytes + name.size() + options_json.size();
  if (options_json.size() > kMaxOptionsBytes || bytes > kMaxCatalogBytes) {
    return Error{ErrorCode::InvalidArgument,
                 "collection \"" + std::string(name) + "\" makes the catalog " +
                     std::to_string(bytes) + " bytes long with options of " +
                     std::to_string(options_json.size()) + "; the limits are " +
                     std::to_string(kMaxCatalogBytes) + " and " + std::to_string(kMaxOptionsBytes)};
  }
  entries_.push_back(
      {.id = next_id_++, .name = std::string(name), .options_json = std::move(options_json)});
  return root_batch();
}

Result<std::vector<EffectBatch>> Catalog::remove(std::string_view name,
                                                 std::vector<std::string> blobs,
                                                 std::string_view heir) {
  auto found = std::ranges::find(entries_, name, &CatalogEntry::name);
  const auto next = std::ranges::find(entries_, heir, &CatalogEntry::name);
  if (found == entries_.end() || (next == entries_.end() && !heir.empty())) {
    if (found != entries_.end()) name = heir;
    return Error{ErrorCode::NotFound,
                 "no collection \"" + std::string(name.substr(0, kMaxNameBytes)) + "\""};
  }
  EffectBatch deletes;
  for (std::string& blob : blobs)
    deletes.effects.push_back({EffectKind::Delete, std::move(blob), 0, {}});
  deletes.effects.push_back({EffectKind::Delete, std::to_string(found->id), 0, {}});
  if (next != entries_.end()) {
    next->name = found->name;
    std::iter_swap(found, next);
    found = next;
  }
  entries_.erase(found);
  std::vector<EffectBatch> out;
  out.push_back(root_batch());
  out.push_back(std::move(deletes));
  return out;
}

}  // namespace corsac::storage

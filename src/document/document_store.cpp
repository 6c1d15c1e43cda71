#include "document/document_store.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <string>
#include <utility>

#include "base/checksum.h"
#include "base/sort.h"
#include "document/block.h"
#include "document/block_cache.h"
#include "document/block_table.h"

namespace corsac::document {
namespace {

[[maybe_unused]] constexpr std::uint32_t kMaxBlockBytes = 16u << 20;

Result<DecodedBlock> decode_block(const BlockEntry& entry, ByteView stored) {
  auto raw = compress::decode(static_cast<compress::Codec>(entry.codec), stored, entry.raw_length);
  if (!raw) return raw.error();
  return DecodedBlock::parse(*std::move(raw), entry.count);
}

}  // namespace

struct DocumentStore::State {
  explicit State(const DocumentStoreOptions& given) : options(given), cache(given.cache_bytes) {
    assert(options.block_bytes > 0 && options.block_bytes <= kMaxBlockBytes);
  }

  std::size_t size() const noexcept { return std::size_t{table.documents()} + open.count(); }
  std::size_t saved() const noexcept { return table.size() - unsaved.size(); }
  void seal();
  bool bring(std::uint32_t block);

  DocumentStoreOptions options;
  BlockTable table;
  std::vector<Bytes> unsaved;  // the last blocks of the table, as they will be stored
  OpenBlock open;
  BlockCache cache;
};

void DocumentStore::State::seal() {
  if (open.count() == 0) return;
  Bytes raw = open.encode();
  const auto raw_length = static_cast<std::uint32_t>(raw.size());
  compress::Codec codec = options.codec;
  Bytes stored = compress::encode(codec, raw);
  if (stored.size() >= raw.size()) {
    codec = compress::Codec::None;
    stored = std::move(raw);
  }
  table.append({.checksum = checksum64(stored),
                .stored_length = static_cast<std::uint32_t>(stored.size()),
                .raw_length = raw_length,
                .count = open.count(),
                .codec = static_cast<std::uint32_t>(codec)});
  stored.shrink_to_fit();
  unsaved.push_back(std::move(stored));
  open.clear();
}

// Makes a block part of the present request, if that needs nobody else.
bool DocumentStore::State::bring(std::uint32_t block) {
  if (cache.touch(block) != nullptr) return true;
  if (block < saved()) return false;
  auto decoded = decode_block(table[block], unsaved[block - saved()]);
  assert(decoded.has_value());
  cache.insert(block, *std::move(decoded));
  return true;
}

DocumentStore::DocumentStore(const DocumentStoreOptions& options)
    : state_(std::make_unique<State>(options)) {}
DocumentStore::~DocumentStore() = default;
DocumentStore::DocumentStore(DocumentStore&&) noexcept = default;
DocumentStore& DocumentStore::operator=(DocumentStore&&) noexcept = default;

Result<DocumentStore> DocumentStore::load(const DocumentStoreOptions& options,
                                          const SectionSource& source) {
  auto table = BlockTable::parse(source.section(SectionId::DocumentBlocks),
                                 source.length(SectionId::Documents));
  if (!table) return table.error();
  DocumentStore out(options);
  out.state_->table = *std::move(table);
  return out;
}

void DocumentStore::add(std::optional<std::string_view> content,
                        std::optional<std::string_view> metadata) {
  assert(!content || content->size() <= kMaxContentBytes);
  assert(!metadata || metadata->size() <= kMaxMetadataBytes);
  assert(size() < kNoOrdinal);
  state_->open.add(content, metadata);
  if (state_->open.raw_bytes() >= state_->options.block_bytes) state_->seal();
}

std::size_t DocumentStore::size() const noexcept { return state_->size(); }

std::vector<BlockRange> DocumentStore::missing(std::span<const Ordinal> ordinals) {
  std::vector<std::uint32_t> blocks;
  for (const Ordinal ordinal : ordinals) {
    assert(ordinal < size());
    if (ordinal < state_->table.documents()) blocks.push_back(state_->table.block_of(ordinal));
  }
  sort_numbers(blocks, std::less<>{});
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());

  state_->cache.begin_request();
  std::vector<BlockRange> out;
  for (const std::uint32_t block : blocks) {
    if (state_->bring(block)) continue;
    const BlockEntry& entry = state_->table[block];
    out.push_back({.block = block, .offset = entry.offset, .length = entry.stored_length});
  }
  state_->cache.trim();
  return out;
}

Status DocumentStore::supply(std::uint32_t block, ByteView stored) {
  if (block >= state_->table.size()) {
    return Error{ErrorCode::NotFound, "no document block " + std::to_string(block) +
                                          ", there are " + std::to_string(state_->table.size())};
  }
  const BlockEntry& entry = state_->table[block];
  if (stored.size() != entry.stored_length || checksum64(stored) != entry.checksum) {
    return Error{ErrorCode::Corrupt, "document block " + std::to_string(block) + " of " +
                                         std::to_string(entry.stored_length) +
                                         " bytes fails its checksum (" +
                                         std::to_string(stored.size()) + " bytes given)"};
  }
  if (state_->cache.touch(block) != nullptr) return Done{};
  auto decoded = decode_block(entry, stored);
  if (!decoded) return decoded.error();
  state_->cache.insert(block, *std::move(decoded));
  state_->cache.trim();
  return Done{};
}

Result<DocumentView> DocumentStore::read(Ordinal ordinal) const {
  assert(ordinal < size());
  const Ordinal sealed = state_->table.documents();
  if (ordinal >= sealed) return state_->open.read(ordinal - sealed);
  const std::uint32_t block = state_->table.block_of(ordinal);
  const DecodedBlock* decoded = state_->cache.peek(block);
  if (decoded == nullptr) {
    return Error{ErrorCode::NotFound,
                 "document block " + std::to_string(block) + " was not brought"};
  }
  return decoded->read(ordinal - state_->table[block].first);
}

void DocumentStore::save(SectionSink& sink) {
  state_->seal();
  sink.append(SectionId::DocumentBlocks, state_->table.tail(state_->saved()));
  for (const Bytes& block : state_->unsaved) sink.append(SectionId::Documents, block);
  state_->unsaved.clear();
  state_->unsaved.shrink_to_fit();
}

std::uint64_t DocumentStore::resident_bytes() const noexcept {
  std::uint64_t total =
      state_->cache.bytes() + state_->open.raw_bytes() + state_->table.size() * sizeof(BlockEntry);
  for (const Bytes& block : state_->unsaved) total += block.size();
  return total;
}

}  // namespace corsac::document

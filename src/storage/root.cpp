#include "storage/root.h"

#include <algorithm>
#include <string>
#include <utility>

#include "storage/root_format.h"

namespace corsac::storage {
namespace {

constexpr auto kLastSection = static_cast<std::uint16_t>(SectionId::Codebook);
constexpr std::uint16_t kNeverGiven = 18;

void put_checksum(ByteWriter& out, const Checksum128& value) {
  out.put(value.low);
  out.put(value.high);
}

Checksum128 get_checksum(ByteReader& reader) {
  Checksum128 value;
  value.low = reader.get<std::uint64_t>();
  value.high = reader.get<std::uint64_t>();
  return value;
}

void put_blob(ByteWriter& out, const BlobRef& blob) {
  out.put(blob.section);
  out.put(blob.kind);
  out.put(blob.codec);
  out.put(blob.form);
  out.append(Bytes(3));
  out.put(blob.key);
  out.put(blob.number);
  out.put(blob.stored_bytes);
  out.put(blob.raw_bytes);
  put_checksum(out, blob.chain);
}

Result<BlobRef> get_blob(ByteReader& reader) {
  BlobRef blob;
  blob.section = reader.get<SectionId>();
  blob.kind = reader.get<SectionKind>();
  blob.codec = reader.get<compress::Codec>();
  blob.form = reader.get<BlobForm>();
  reader.take(3);
  blob.key = reader.get<std::uint64_t>();
  blob.number = reader.get<std::uint64_t>();
  blob.stored_bytes = reader.get<std::uint64_t>();
  blob.raw_bytes = reader.get<std::uint64_t>();
  blob.chain = get_checksum(reader);
  const auto section = static_cast<std::uint16_t>(blob.section);
  const bool known = section >= 1 && section <= kLastSection && section != kNeverGiven &&
                     blob.kind >= SectionKind::AppendOnly && blob.kind <= SectionKind::Segment &&
                     blob.codec <= compress::Codec::Zstd && blob.form <= BlobForm::Raw;
  if (!known) {
    return Error{ErrorCode::UnsupportedFormat,
                 "a root names section " + std::to_string(section) + " of kind " +
                     std::to_string(static_cast<unsigned>(blob.kind)) +
                     ", which this version does not know"};
  }
  const bool raw = blob.form == BlobForm::Raw;
  const bool empty = blob.stored_bytes == 0;
  if (raw == is_resident(blob.section) || (raw && blob.stored_bytes != blob.raw_bytes) ||
      (empty && (blob.kind != SectionKind::Segment || blob.raw_bytes != 0))) {
    return Error{ErrorCode::Corrupt,
                 "a root contradicts itself about blob " + std::to_string(blob.number)};
  }
  return blob;
}

Result<Snapshot> get_snapshot(ByteReader& reader) {
  Snapshot snapshot;
  snapshot.log.sequence = reader.get<std::uint64_t>();
  snapshot.log.first_segment = reader.get<std::uint64_t>();
  snapshot.log.chain = get_checksum(reader);
  const auto count = reader.get<std::uint32_t>();
  reader.get<std::uint32_t>();
  if (count > reader.remaining() / kBlobRefBytes) {
    return Error{ErrorCode::Corrupt,
                 "a root claims " + std::to_string(count) + " blobs, more than it has room for"};
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    Result<BlobRef> blob = get_blob(reader);
    if (!blob) return blob.error();
    snapshot.blobs.push_back(*blob);
  }
  return snapshot;
}

void get_header(ByteReader& reader, Root& root) {
  const ByteView store = reader.take(root.store.size());
  std::copy(store.begin(), store.end(), root.store.begin());
  root.collection = reader.get<std::uint32_t>();
  root.snapshots.resize(std::min<std::size_t>(reader.get<std::uint32_t>(), kMaxSnapshots + 1));
  root.generation = reader.get<std::uint64_t>();
  root.epoch = reader.get<std::uint64_t>();
  root.next_blob = reader.get<std::uint64_t>();
  root.next_segment = reader.get<std::uint64_t>();
  root.durable = reader.get<std::uint64_t>();
  root.end.segment = reader.get<std::uint64_t>();
  root.end_length = reader.get<std::uint64_t>();
  root.end.sequence = reader.get<std::uint64_t>();
  reader.take(kRootHeaderBytes - root_field::kReserved);
}

}  // namespace

std::uint64_t Snapshot::raw_bytes(SectionId id) const noexcept {
  std::uint64_t total = 0;
  for (const BlobRef& blob : blobs) total += blob.section == id ? blob.raw_bytes : 0;
  return total;
}

Result<Bytes> encode_root(const Root& root) {
  ByteWriter out;
  open_root(out, kRootMagic, root.clean ? root_flag::kClean : std::uint16_t{0},
            root_feature::kPatches);
  out.append(root.store);
  out.put(root.collection);
  out.put(static_cast<std::uint32_t>(root.snapshots.size()));
  for (const std::uint64_t field :
       {root.generation, root.epoch, root.next_blob, root.next_segment, root.durable,
        root.end.segment, root.end_length, root.end.sequence}) {
    out.put(field);
  }
  out.pad_to(kRootHeaderBytes);
  for (const Snapshot& snapshot : root.snapshots) {
    out.put(snapshot.log.sequence);
    out.put(snapshot.log.first_segment);
    put_checksum(out, snapshot.log.chain);
    out.put(static_cast<std::uint32_t>(snapshot.blobs.size()));
    out.put(std::uint32_t{0});
    for (const BlobRef& blob : snapshot.blobs) put_blob(out, blob);
  }
  if (out.size() + kRootChecksumBytes > kMaxRootBytes) {
    return Error{ErrorCode::OutOfMemory,
                 "a root of " + std::to_string(out.size() + kRootChecksumBytes) +
                     " bytes passes the limit of " + std::to_string(kMaxRootBytes)};
  }
  return close_root(std::move(out));
}

Result<Root> decode_root(ByteView bytes, const Uuid& store, std::uint32_t collection) {
  std::uint16_t flags = 0;
  if (const Status frame = check_frame_of_root(bytes, kRootMagic, kMaxRootBytes, flags); !frame)
    return frame.error();
  Root root;
  root.clean = (flags & root_flag::kClean) != 0;
  ByteReader reader(bytes.first(bytes.size() - kRootChecksumBytes).subspan(kRootPrefixBytes));
  get_header(reader, root);
  if (!reader.ok() || root.snapshots.empty() || root.snapshots.size() > kMaxSnapshots ||
      root.generation == 0) {
    return Error{ErrorCode::Corrupt, "a root has no room for its own header"};
  }
  if (root.store != store || root.collection != collection) {
    return Error{ErrorCode::Corrupt,
                 "a root belongs to collection " + std::to_string(root.collection) +
                     " of a store, expected " + std::to_string(collection) + " of this one"};
  }
  for (Snapshot& snapshot : root.snapshots) {
    Result<Snapshot> read = get_snapshot(reader);
    if (!read) return read.error();
    snapshot = *std::move(read);
  }
  if (!reader.finished()) return Error{ErrorCode::Corrupt, "a root has bytes left over"};
  return root;
}

Result<RootChoice> read_roots(const RootPair& pair, const Uuid& store, std::uint32_t collection) {
  RootChoice choice;
  for (std::size_t slot = 0; slot < 2; ++slot) {
    if (pair.slots[slot].empty()) continue;
    Result<Root> root = decode_root(pair.slots[slot], store, collection);
    if (!root && root.error().code == ErrorCode::UnsupportedFormat) return root.error();
    if (root && root->generation % 2 == slot) {
      choice.roots.push_back(*std::move(root));
    } else {
      ++choice.unreadable;
    }
  }
  if (choice.roots.size() == 2 && choice.roots[1].generation > choice.roots[0].generation)
    std::swap(choice.roots[0], choice.roots[1]);
  return choice;
}

}  // namespace corsac::storage

#include "native/home_server.h"

#include <errno.h>
#include <unistd.h>

#include <optional>

#include "native/file_home.h"

namespace corsac::native {
namespace {

constexpr std::uint32_t kMostBytes = std::uint32_t{1} << 30;

bool read_fully(int fd, std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t count = ::read(fd, out.data(), out.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    out = out.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

std::optional<Bytes> receive(int fd) {
  std::uint32_t length = 0;
  if (!read_fully(fd, std::as_writable_bytes(std::span(&length, 1))) || length > kMostBytes)
    return std::nullopt;
  Bytes out(length);
  if (!read_fully(fd, out)) return std::nullopt;
  return out;
}

bool send(int fd, ByteView content) {
  ByteWriter frame;
  frame.put(static_cast<std::uint32_t>(content.size()));
  frame.append(content);
  ByteView left = frame.view();
  while (!left.empty()) {
    const ssize_t count = ::write(fd, left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    left = left.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

Bytes failure(const HostError& error) {
  ByteWriter out;
  out.put(std::uint8_t{0});
  out.put_text(error.code);
  out.put_text(error.message);
  return std::move(out).take();
}

Bytes done(const HostStatus& status) {
  return status ? Bytes(1, std::byte{1}) : failure(status.error());
}

Bytes apply(FileHome& home, ByteReader& in) {
  storage::EffectBatch batch;
  batch.strict = in.get<std::uint8_t>() != 0;
  const auto count = in.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    storage::Effect effect;
    effect.kind = static_cast<storage::EffectKind>(in.get<std::uint8_t>());
    effect.name = in.get_text();
    effect.offset = in.get<std::uint64_t>();
    const ByteView bytes = in.take(in.get<std::uint32_t>());
    effect.bytes.assign(bytes.begin(), bytes.end());
    batch.effects.push_back(std::move(effect));
  }
  if (!in.finished())
    return failure({"invalid_argument", "a batch that does not hold what it lists"});
  return done(home.apply(batch));
}

Bytes read(FileHome& home, ByteReader& in) {
  storage::ReadRequest request;
  request.name = in.get_text();
  request.offset = in.get<std::uint64_t>();
  request.length = in.get<std::uint64_t>();
  auto bytes = home.read(request);
  if (!bytes) return failure(bytes.error());
  bytes->insert(bytes->begin(), std::byte{1});
  return *std::move(bytes);
}

Bytes list(const FileHome& home) {
  auto blobs = home.list();
  if (!blobs) return failure(blobs.error());
  ByteWriter out;
  out.put(std::uint8_t{1});
  for (const storage::BlobInfo& blob : *blobs) {
    out.put_text(blob.name);
    out.put(blob.length);
  }
  return std::move(out).take();
}

Bytes roots(const FileHome& home) {
  auto found = home.roots();
  if (!found) return failure(found.error());
  ByteWriter out;
  out.put(std::uint8_t{1});
  for (const RootSlot& root : *found) {
    out.put_text(root.name);
    out.put(static_cast<std::uint8_t>(root.slot));
    out.put_text(as_text(root.bytes));
  }
  return std::move(out).take();
}

Bytes answer(FileHome& home, ByteReader& in) {
  switch (in.get<std::uint8_t>()) {
    case 1: return apply(home, in);
    case 2: return read(home, in);
    case 3: return list(home);
    case 4: return roots(home);
    case 5: home.close(); return Bytes(1, std::byte{1});
    default: return failure({"invalid_argument", "nobody knows this request"});
  }
}

}  // namespace

int serve_home(const std::string& folder, int in, int out) {
  auto home = FileHome::open(folder);
  if (!home) return send(out, failure(home.error())) ? 0 : 1;
  if (!send(out, done(Done{}))) return 1;
  while (const std::optional<Bytes> request = receive(in)) {
    ByteReader reader(*request);
    if (!send(out, answer(**home, reader))) return 1;
    if (!request->empty() && request->front() == std::byte{5}) return 0;
  }
  return 0;
}

}  // namespace corsac::native

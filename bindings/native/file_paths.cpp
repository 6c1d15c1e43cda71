#include "native/file_paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace corsac::native {

File::~File() {
  if (fd_ >= 0) close(fd_);
}

HostError platform_error(const std::string& doing) {
  const int code = errno;
  const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  return {full ? "quota" : "storage",
          std::string(full ? "the storage is full" : "the storage failed") + " while " + doing +
              ": " + strerror(code)};
}

std::optional<std::string> read_text(const std::string& path) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return std::nullopt;
  std::string out;
  for (std::array<char, 4096> piece;;) {
    const ssize_t count = ::read(file.fd(), piece.data(), piece.size());
    if (count < 0) return std::nullopt;
    if (count == 0) return out;
    out.append(piece.data(), static_cast<std::size_t>(count));
  }
}

HostResult<std::size_t> read_at(int fd, std::uint64_t offset, std::span<std::byte> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count =
        pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return platform_error("reading");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

HostStatus write_at(int fd, std::uint64_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) errno = ENOSPC;  // the disk took no bytes
    if (count <= 0) return platform_error("writing");
    offset += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return Done{};
}

bool is_blob_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > 200 || name.front() == '/' || name.back() == '/') return false;
  if (name.find("//") != std::string_view::npos) return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/';
  });
}

std::string folder_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return std::string(name.substr(0, slash == std::string_view::npos ? 0 : slash));
}

std::optional<RootFile> root_of(std::string_view file) {
  for (const unsigned slot : {0u, 1u}) {
    const std::string_view end = slot == 0 ? "/root.0" : "/root.1";
    if (file.size() > end.size() && file.ends_with(end))
      return RootFile{std::string(file.substr(0, file.size() - end.size())), slot};
  }
  return std::nullopt;
}

}  // namespace corsac::native

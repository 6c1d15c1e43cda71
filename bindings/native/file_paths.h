// Open files, and where names are: blob "3/wal-7" is the file 3/wal-7.corsac, slot 0 of root "3" is
// 3/root.0.corsac.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "native/host_result.h"

namespace corsac::native {

/// What does not end so is somebody else's and is never touched.
inline constexpr std::string_view kSuffix = ".corsac";

/// A file descriptor that is closed at the end; -1 is none.
class File {
 public:
  explicit File(int fd) noexcept : fd_(fd) {}
  ~File();
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  bool is_open() const noexcept { return fd_ >= 0; }
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

/// What `errno` says, as `quota` when the medium is full, else as `storage`.
HostError platform_error(const std::string& doing);

std::optional<std::string> read_text(const std::string& path);
/// As many bytes as there are, at most `out`. Fails with: storage.
HostResult<std::size_t> read_at(int fd, std::uint64_t offset, std::span<std::byte> out);
/// All of `bytes`. Fails with: storage, quota.
HostStatus write_at(int fd, std::uint64_t offset, ByteView bytes);

/// 1 to 200 characters of `a-z 0-9 - /`, as every home can hold.
bool is_blob_name(std::string_view name) noexcept;
/// The folder of a blob, empty for the store's own.
std::string folder_of(std::string_view name);

struct RootFile {
  std::string name;
  unsigned slot;
};
/// Which root a file (without its suffix) is a slot of.
std::optional<RootFile> root_of(std::string_view file);

}  // namespace corsac::native

// Named byte strings in a folder of files: what the storage protocol asks of a home, natively. The
// twin of js/storage/node-fs.ts: the same files with the same bytes, the same promises
// (tests-js/storage/byte-store.contract.ts asks both). Nothing is renamed, and nothing but root
// slots is ever replaced. A strict batch syncs every file and folder that changed since the last
// sync, those of earlier sessions too. After a failed sync nothing is acknowledged any more: what
// the disk holds is unknown.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "native/file_paths.h"
#include "native/host_result.h"
#include "native/lock_file.h"
#include "storage/effect.h"

namespace corsac::native {

/// What makes a file or folder durable: 0, or -1 with errno. Another one in tests.
struct Syncing {
  int (*file)(int fd);
  int (*folder)(int fd);
};
Syncing system_syncing() noexcept;

/// One written slot of a root.
struct RootSlot {
  std::string name;
  unsigned slot;
  Bytes bytes;
};

class FileHome {
 public:
  /// Makes the folder when there is none.
  /// Fails with: locked when another process holds it, storage, quota.
  static HostResult<std::unique_ptr<FileHome>> open(const std::string& folder,
                                                    Syncing syncing = system_syncing());
  ~FileHome() { close(); }
  FileHome(const FileHome&) = delete;
  FileHome& operator=(const FileHome&) = delete;

  /// Executes the effects in order; when one fails those before it stand.
  /// Fails with: invalid_argument (a name), not_found, quota, locked, storage, closed.
  HostStatus apply(const storage::EffectBatch& batch);
  /// Fewer bytes than asked only at the end of the blob. Fails with: not_found, storage, closed.
  HostResult<Bytes> read(const storage::ReadRequest& request);
  HostResult<std::vector<storage::BlobInfo>> list() const;
  HostResult<std::vector<RootSlot>> roots() const;
  /// Releases files and the lock. Closing twice is harmless.
  void close();

 private:
  FileHome(std::string folder, LockFile lock, Syncing syncing);
  HostStatus scan();
  HostStatus perform(const storage::Effect& effect);
  HostStatus put(const storage::Effect& effect);
  HostStatus append(const storage::Effect& effect);
  HostStatus replace_root(const storage::Effect& effect);
  HostStatus extend(const std::string& name, int fd, std::uint64_t offset, ByteView bytes);
  HostStatus remove(const std::string& name);
  HostStatus make_folder(const std::string& folder);
  HostStatus sync();
  HostStatus sync_all();
  HostStatus open_or_poisoned() const;
  HostResult<int> writable(const std::string& name, int flags);
  std::string path(std::string_view name) const;

  std::string folder_;
  LockFile lock_;
  Syncing syncing_;
  std::map<std::string, std::uint64_t> lengths_;
  std::map<std::string, File> files_;  // open for writing, few
  std::set<std::string> dirty_files_;
  std::set<std::string> dirty_folders_;  // by name below folder_, which is ""
  std::optional<HostError> poison_;
  bool is_closed_ = false;
};

}  // namespace corsac::native

#include "native/file_home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <initializer_list>

namespace corsac::native {
namespace {

constexpr std::size_t kMostFiles = 4;

bool is_one_of(int code, std::initializer_list<int> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

// Makes `path` and the folders above it; says whether it made any.
HostResult<bool> make_folders(const std::string& path) {
  if (mkdir(path.c_str(), 0777) == 0) return true;
  if (errno == ENOENT && path.find('/') != std::string::npos) {
    if (const auto above = make_folders(path.substr(0, path.rfind('/'))); !above)
      return above.error();
    if (mkdir(path.c_str(), 0777) == 0) return true;
  }
  struct stat info {};
  if (errno == EEXIST && stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return false;
  return platform_error("making the folder " + path);
}

// Our own files below `folder`, without their suffix, two levels deep at most.
HostStatus files_in(const std::string& folder, const std::string& below, int depth,
                    std::vector<std::string>& out) {
  DIR* const listing = opendir((folder + "/" + below).c_str());
  if (listing == nullptr) return platform_error("listing " + folder);
  HostStatus done = Done{};
  while (const dirent* const entry = readdir(listing)) {
    const std::string_view name(entry->d_name);
    if (name == "." || name == "..") continue;
    const std::string inside = below.empty() ? std::string(name) : below + "/" + std::string(name);
    struct stat info {};
    if (lstat((folder + "/" + inside).c_str(), &info) != 0) continue;
    if (S_ISDIR(info.st_mode) && depth < 2) {
      if (done = files_in(folder, inside, depth + 1, out); !done) break;
    } else if (S_ISREG(info.st_mode) && name.ends_with(kSuffix)) {
      out.push_back(inside.substr(0, inside.size() - kSuffix.size()));
    }
  }
  closedir(listing);
  return done;
}

// A store whose disk is full can still be read, and emptied: its ballast makes room for the lock.
HostResult<LockFile> take_lock(const std::string& folder) {
  const std::string path = folder + "/store.lock";
  auto lock = LockFile::take(path);
  if (lock || lock.error().code != "quota") return lock;
  unlink((folder + "/ballast" + std::string(kSuffix)).c_str());
  return LockFile::take(path);
}

}  // namespace

Syncing system_syncing() noexcept { return {&fdatasync, &fsync}; }

FileHome::FileHome(std::string folder, LockFile lock, Syncing syncing)
    : folder_(std::move(folder)), lock_(std::move(lock)), syncing_(syncing) {}

HostResult<std::unique_ptr<FileHome>> FileHome::open(const std::string& folder, Syncing syncing) {
  if (const auto made = make_folders(folder); !made) return made.error();
  auto lock = take_lock(folder);
  if (!lock) return lock.error();
  std::unique_ptr<FileHome> home(new FileHome(folder, *std::move(lock), syncing));
  if (const HostStatus scanned = home->scan(); !scanned) return scanned.error();
  return home;
}

HostStatus FileHome::scan() {
  std::vector<std::string> names;
  if (HostStatus found = files_in(folder_, "", 0, names); !found) return found;
  for (const std::string& name : names) {
    struct stat info {};
    if (stat(path(name).c_str(), &info) != 0) return platform_error("looking at " + path(name));
    if (!root_of(name)) lengths_[name] = static_cast<std::uint64_t>(info.st_size);
    // An earlier session may have ended without a sync; the first strict batch makes up for it.
    dirty_files_.insert(name);
    dirty_folders_.insert(folder_of(name));
  }
  return Done{};
}

HostStatus FileHome::open_or_poisoned() const {
  if (is_closed_) return HostError{"closed", "the file home is closed"};
  if (poison_) return *poison_;
  return Done{};
}

HostStatus FileHome::apply(const storage::EffectBatch& batch) {
  if (HostStatus good = open_or_poisoned(); !good) return good;
  bool commits = batch.strict;
  for (const storage::Effect& effect : batch.effects) {
    if (!is_blob_name(effect.name))
      return HostError{"invalid_argument", "\"" + effect.name + "\" is no name of a blob"};
    commits = commits || effect.kind == storage::EffectKind::Root;
  }
  if (commits) {
    if (HostStatus ours = lock_.check(); !ours) return ours;
  }
  for (const storage::Effect& effect : batch.effects) {
    if (HostStatus done = perform(effect); !done) return done;
  }
  return batch.strict ? sync() : Done{};
}

HostStatus FileHome::perform(const storage::Effect& effect) {
  switch (effect.kind) {
    case storage::EffectKind::Put: return put(effect);
    case storage::EffectKind::Append: return append(effect);
    case storage::EffectKind::Root: return replace_root(effect);
    case storage::EffectKind::Delete: return remove(effect.name);
  }
  return Done{};
}

HostStatus FileHome::put(const storage::Effect& effect) {
  if (lengths_.contains(effect.name))
    return HostError{"storage", "blob \"" + effect.name + "\" exists and is never replaced"};
  const std::string folder = folder_of(effect.name);
  if (HostStatus made = make_folder(folder); !made) return made;
  dirty_folders_.insert(folder);
  auto fd = writable(effect.name, O_CREAT | O_EXCL);
  if (!fd) return fd.error();
  return extend(effect.name, *fd, 0, effect.bytes);
}

HostStatus FileHome::append(const storage::Effect& effect) {
  const auto found = lengths_.find(effect.name);
  if (found == lengths_.end())
    return HostError{"not_found", "there is no blob \"" + effect.name + "\""};
  if (found->second != effect.offset) {
    return HostError{"storage", "blob \"" + effect.name + "\" is " + std::to_string(found->second) +
                                    " bytes long, cannot append at " +
                                    std::to_string(effect.offset)};
  }
  auto fd = writable(effect.name, 0);
  if (!fd) return fd.error();
  return extend(effect.name, *fd, effect.offset, effect.bytes);
}

// A write that fails half way is cut off again, so that the blob stays as it was.
HostStatus FileHome::extend(const std::string& name, int fd, std::uint64_t offset, ByteView bytes) {
  if (HostStatus written = write_at(fd, offset, bytes); !written) {
    if (lengths_.contains(name)) {
      if (ftruncate(fd, static_cast<off_t>(offset)) != 0) errno = 0;
    } else if (const HostStatus removed = remove(name); !removed) {
      errno = 0;  // what remains is longer than anybody knows, and is never appended to
    }
    return written;
  }
  lengths_[name] = offset + bytes.size();
  dirty_files_.insert(name);
  return Done{};
}

HostStatus FileHome::replace_root(const storage::Effect& effect) {
  if (HostStatus made = make_folder(effect.name); !made) return made;
  dirty_folders_.insert(effect.name);
  const std::string name = effect.name + "/root." + std::to_string(effect.offset);
  const File file(::open(path(name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file.is_open()) return platform_error("opening " + path(name));
  if (HostStatus written = write_at(file.fd(), 0, effect.bytes); !written) return written;
  dirty_files_.insert(name);
  return Done{};
}

HostStatus FileHome::remove(const std::string& name) {
  files_.erase(name);
  for (const std::string& file : {name, name + "/root.0", name + "/root.1"}) {
    dirty_files_.erase(file);
    if (unlink(path(file).c_str()) != 0 && !is_one_of(errno, {ENOENT, EISDIR, EPERM, ENOTDIR}))
      return platform_error("deleting " + path(file));
  }
  lengths_.erase(name);
  const std::string folder = name.find('/') == std::string::npos ? name : folder_of(name);
  if (rmdir((folder_ + "/" + folder).c_str()) == 0) {
    dirty_folders_.erase(folder);
  } else {
    dirty_folders_.insert(folder);
  }
  if (folder == name) dirty_folders_.insert("");
  return Done{};
}

HostStatus FileHome::make_folder(const std::string& folder) {
  auto made = make_folders(folder.empty() ? folder_ : folder_ + "/" + folder);
  if (!made) return made.error();
  if (*made) dirty_folders_.insert("");
  return Done{};
}

HostStatus FileHome::sync() {
  if (HostStatus synced = sync_all(); !synced) {
    poison_ = HostError{"storage", synced.error().message +
                                       ": nothing more is written until the store is opened again"};
    return *poison_;
  }
  dirty_files_.clear();
  dirty_folders_.clear();
  return Done{};
}

HostStatus FileHome::sync_all() {
  for (const std::string& name : dirty_files_) {
    const auto open_file = files_.find(name);
    const File own(open_file != files_.end() ? -1 : ::open(path(name).c_str(), O_RDWR | O_CLOEXEC));
    const int fd = open_file != files_.end() ? open_file->second.fd() : own.fd();
    if (fd < 0 || syncing_.file(fd) != 0) return platform_error("syncing " + path(name));
  }
  for (const std::string& folder : dirty_folders_) {
    const File file(::open((folder_ + "/" + folder).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot sync a folder, or it is gone by now.
    if (!file.is_open() && is_one_of(errno, {ENOENT, EACCES})) continue;
    if (!file.is_open() ||
        (syncing_.folder(file.fd()) != 0 && !is_one_of(errno, {EINVAL, ENOTSUP})))
      return platform_error("syncing the folder " + folder_ + "/" + folder);
  }
  return Done{};
}

HostResult<int> FileHome::writable(const std::string& name, int flags) {
  if (const auto found = files_.find(name); found != files_.end()) return found->second.fd();
  File file(::open(path(name).c_str(), O_RDWR | O_CLOEXEC | flags, 0666));
  if (!file.is_open()) return platform_error("opening " + path(name));
  if (files_.size() >= kMostFiles) files_.erase(files_.begin());
  return files_.insert_or_assign(name, std::move(file)).first->second.fd();
}

HostResult<Bytes> FileHome::read(const storage::ReadRequest& request) {
  if (is_closed_) return HostError{"closed", "the file home is closed"};
  const auto found = lengths_.find(request.name);
  if (found == lengths_.end())
    return HostError{"not_found", "there is no blob \"" + request.name + "\""};
  const std::uint64_t begin = std::min(request.offset, found->second);
  Bytes out(static_cast<std::size_t>(std::min(request.length, found->second - begin)));
  const File file(::open(path(request.name).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return platform_error("opening " + path(request.name));
  auto count = read_at(file.fd(), begin, out);
  if (!count) return count.error();
  out.resize(*count);
  return out;
}

HostResult<std::vector<storage::BlobInfo>> FileHome::list() const {
  if (is_closed_) return HostError{"closed", "the file home is closed"};
  std::vector<storage::BlobInfo> out;
  for (const auto& [name, length] : lengths_) out.push_back({name, length});
  return out;
}

HostResult<std::vector<RootSlot>> FileHome::roots() const {
  if (is_closed_) return HostError{"closed", "the file home is closed"};
  std::vector<std::string> names;
  if (const HostStatus found = files_in(folder_, "", 0, names); !found) return found.error();
  std::vector<RootSlot> out;
  for (const std::string& file : names) {
    const auto root = root_of(file);
    if (!root) continue;
    const std::optional<std::string> text = read_text(path(file));
    if (!text) return platform_error("reading " + path(file));
    const ByteView bytes = as_byte_view(*text);
    out.push_back({root->name, root->slot, Bytes(bytes.begin(), bytes.end())});
  }
  return out;
}

void FileHome::close() {
  if (std::exchange(is_closed_, true)) return;
  files_.clear();
  lock_.release();
}

std::string FileHome::path(std::string_view name) const {
  return folder_ + "/" + std::string(name) + std::string(kSuffix);
}

}  // namespace corsac::native

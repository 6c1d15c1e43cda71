#include "native/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "base/json.h"
#include "native/file_paths.h"

namespace corsac::native {
namespace {

struct Holder {
  double pid = 0;
  std::string started;  // when the process started: its number alone is used again
  std::string boot;
};

Holder identity(double pid) {
  Holder out{.pid = pid, .started = {}, .boot = {}};
  out.boot = read_text("/proc/sys/kernel/random/boot_id").value_or("");
  while (!out.boot.empty() && out.boot.back() == '\n') out.boot.pop_back();
  // Field 22, counted after the command name, which may hold spaces.
  const std::string stat =
      read_text("/proc/" + std::to_string(static_cast<long>(pid)) + "/stat").value_or("");
  std::size_t at = stat.rfind(')');
  at = at == std::string::npos ? at : at + 2;
  for (int field = 3; field < 22 && at != std::string::npos; ++field) {
    at = stat.find(' ', at);
    if (at != std::string::npos) ++at;
  }
  if (at != std::string::npos) out.started = stat.substr(at, stat.find(' ', at) - at);
  return out;
}

std::string nonce() {
  std::array<unsigned char, 16> bytes{};
  if (getentropy(bytes.data(), bytes.size()) != 0) return std::to_string(getpid());
  std::string out;
  for (const unsigned char byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

HostError locked(const std::string& path, const std::string& why) {
  return {"locked", "the store at " + path + " is in use by another writer (" + why + ")"};
}

std::optional<Holder> parse(std::string_view text) {
  const Result<Json> json = parse_json(text);
  if (!json || !json->is(Json::Type::Object)) return std::nullopt;  // torn by a power cut
  const Json* const pid = json->find("pid");
  if (pid == nullptr || !pid->is(Json::Type::Number)) return std::nullopt;
  const auto text_of = [&](const char* key) {
    const Json* const found = json->find(key);
    return found != nullptr && found->is(Json::Type::String) ? found->as_string() : std::string();
  };
  return Holder{pid->as_number(), text_of("started"), text_of("boot")};
}

bool is_alive(const Holder& holder) {
  const Holder now = identity(holder.pid);
  if (holder.boot != now.boot || holder.started != now.started) return false;
  return kill(static_cast<pid_t>(holder.pid), 0) == 0 || errno == EPERM;
}

// Moves a dead process's lock aside; what was moved is looked at again, because two may try at
// once.
HostStatus remove_if_stale(const std::string& path) {
  const std::optional<std::string> before = read_text(path);
  if (!before) return Done{};  // released a moment ago
  const std::optional<Holder> holder = parse(*before);
  if (holder && is_alive(*holder))
    return locked(path, "process " + std::to_string(static_cast<long>(holder->pid)));
  const std::string aside = path + "." + nonce();
  if (rename(path.c_str(), aside.c_str()) != 0) return Done{};  // somebody else moved it first
  // A live lock is put back, unless there is one already.
  if (read_text(aside) != before && link(aside.c_str(), path.c_str()) != 0) errno = 0;
  unlink(aside.c_str());
  return Done{};
}

}  // namespace

HostResult<LockFile> LockFile::take(std::string path) {
  const Holder self = identity(static_cast<double>(getpid()));
  const std::string text = write_json(Json::object({{"pid", Json::number(self.pid)},
                                                    {"started", Json::string(self.started)},
                                                    {"boot", Json::string(self.boot)},
                                                    {"nonce", Json::string(nonce())}}));
  for (int attempt = 0; attempt < 3; ++attempt) {
    const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file.is_open()) {
      if (const HostStatus written = write_at(file.fd(), 0, as_byte_view(text)); !written) {
        unlink(path.c_str());
        return written.error();
      }
      LockFile lock(std::move(path), text);
      if (const HostStatus good = lock.check(); !good) return good.error();
      return lock;
    }
    if (errno != EEXIST) return platform_error("making " + path);
    if (const HostStatus removed = remove_if_stale(path); !removed) return removed.error();
  }
  return locked(path, "the lock file keeps coming back");
}

HostStatus LockFile::check() const {
  if (read_text(path_) == text_) return Done{};
  return locked(path_, "another writer took over");
}

void LockFile::release() {
  if (read_text(path_) == text_) unlink(path_.c_str());
}

}  // namespace corsac::native
